import Foundation
import Layers
import Models
import Support
import Tensors
import Testing

/// The names of the published ViLT for VQA v2; `Goldens/ViLT/make.py` tells where they come from.
@Suite struct ViLTNamesTests {
  @Test func everyPublishedNameIsConsumed() throws {
    let list = Golden.path("ViLT/published.txt")
    var tensors: [String: Tensor] = [:]
    for line in try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n") {
      let parts = line.split(separator: "\t")
      let shape = parts[1].split { !$0.isNumber }.compactMap { Int($0) }
      tensors[String(parts[0])] = .zeros(shape)
    }
    #expect(tensors.count == 212)
    let source = ParameterSource(tensors: tensors, file: list)
    _ = try ViLT(.official(answers: (0..<3129).map { "\($0)" }), in: source.root)
    try source.finish()
    #expect(source.parameters.count == 212)
    #expect(source.parameters.reduce(0) { $0 + $1.value.count } == 117_588_537)
  }
}
