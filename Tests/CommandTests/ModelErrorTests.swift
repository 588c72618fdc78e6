import Foundation
import Tensors
import Testing

/// Models that are missing, incomplete or damaged.
struct ModelErrorTests {
  private let model: TinyModel
  private let folder: TemporaryFolder
  private let picture: String

  init() throws {
    model = try TinyModel()
    folder = try TemporaryFolder()
    picture = try folder.file("a.png", PictureSamples.png)
  }

  private func detect(_ more: String...) throws -> Execution {
    try unit(raw: (["detect", picture, "--model", model.path] + more).map { Array($0.utf8) })
  }

  @Test func noSuchModelGetsASuggestion() throws {
    try folder.folder("easy-model")
    let run = try unit("detect", picture, "--model", folder.path("easy-modle"))
    expectFailure(run, 69, saying: "there is no such model", "did you mean 'easy-model'?")
  }

  @Test func aFileIsNoModel() throws {
    expectFailure(try unit("detect", picture, "--model", picture), 69, saying: "a.png")
  }

  @Test func defaultModelThatIsNotThere() throws {
    let nowhere = folder.path("nowhere")
    let run = try unit("detect", picture, environment: ["UNIT_MODEL": nowhere])
    expectFailure(run, 69, saying: nowhere, "--model")
  }

  @Test(arguments: ["config.json", "model.safetensors", "vocab.txt"])
  func incompleteModel(file: String) throws {
    try model.remove(file)
    expectFailure(try detect(), 69, saying: file)
  }

  @Test func configurationThatIsNotJSON() throws {
    try model.setConfiguration("{ decoder: ")
    expectFailure(try detect(), 65, saying: "config.json", "JSON")
    try model.file("config.json", [0xFF, 0xFE, 0x00])
    expectFailure(try detect(), 65, saying: "config.json")
    try model.setConfiguration("")
    expectFailure(try detect(), 65, saying: "config.json")
  }

  @Test func configurationWithAnUnknownKey() throws {
    try model.setConfiguration(
      model.configuration.replacingOccurrences(of: #""dropout""#, with: #""dropuot""#))
    expectFailure(try detect(), 65, saying: "config.json", "dropout")
  }

  @Test func configurationWithAnExtraKey() throws {
    try model.setConfiguration(
      model.configuration.replacingOccurrences(
        of: #""schema""#, with: #""learning_rate" : 1, "schema""#))
    expectFailure(try detect(), 65, saying: "config.json", "learning_rate")
  }

  @Test func configurationWithImpossibleNumbers() throws {
    for (from, to) in [
      (#""heads" : 4"#, #""heads" : 5"#), (#""layers" : 2"#, #""layers" : -1"#),
      (#""width" : 32"#, #""width" : 99999999999"#), (#""schema" : 1"#, #""schema" : 2"#),
    ] {
      let text = try model.configuration
      try model.setConfiguration(text.replacingOccurrences(of: from, with: to))
      expectFailure(try detect(), 65, saying: "config.json")
      try model.setConfiguration(text)
    }
  }

  @Test func weightOfAnotherShape() throws {
    try model.changeWeights { $0[3].tensor = Tensor.zeros([1, 2, 3]) }
    expectFailure(try detect(), 65, saying: "model.safetensors", "[1, 2, 3]")
  }

  @Test func weightThatIsMissing() throws {
    var name = ""
    try model.changeWeights { name = $0.removeLast().name }
    // It is one of a task with texts, which are read where a task is named.
    expectFailure(try detect("--task", "shapes"), 65, saying: "model.safetensors", name)
    try model.changeWeights { tensors in
      let place = tensors.firstIndex { $0.name.hasPrefix("class_embeds.") }!
      name = tensors.remove(at: place).name
    }
    expectFailure(try detect(), 65, saying: "model.safetensors", name)
  }

  @Test func weightOfAnUnknownName() throws {
    try model.changeWeights { $0.append(("stray.weight", Tensor.zeros([2]))) }
    expectFailure(try detect(), 65, saying: "model.safetensors", "stray.weight")
  }

  @Test(arguments: [Float.nan, .infinity])
  func weightThatIsNoNumber(value: Float) throws {
    try model.changeWeights { tensors in
      var elements = tensors[5].tensor.elements
      elements[elements.count - 1] = value
      tensors[5].tensor = Tensor(elements, shape: tensors[5].tensor.shape)
    }
    expectFailure(try detect(), 65, saying: "model.safetensors", "not a finite number")
  }

  @Test func truncatedWeights() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: model.path + "/model.safetensors"))
    try model.file("model.safetensors", Array(bytes.prefix(bytes.count / 2)))
    expectFailure(try detect(), 65, saying: "model.safetensors")
  }

  @Test func vocabularyOfAnotherSize() throws {
    try model.file("vocab.txt", Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n".utf8))
    expectFailure(try detect("--task", "shapes"), 65, saying: "vocab")
  }
}
