import Checkpoints
import Foundation
import Tensors
import Testing

struct InspectTests {
  private let folder: TemporaryFolder
  private let file: String

  init() throws {
    folder = try TemporaryFolder()
    file = folder.path("weights.safetensors")
    try writeSafetensors(
      [("layer.weight", Tensor.zeros([2, 3])), ("layer.bias", Tensor.zeros([2]))],
      metadata: ["made by": "a test"], to: file)
  }

  @Test func textListsNameTypeAndShape() throws {
    let run = try unit("inspect", file)
    #expect(run.status == 0)
    #expect(run.text.contains("2 tensors, 8 elements"))
    #expect(run.text.contains("layer.weight  F32  [2, 3]\n"))
    #expect(run.text.contains("made by: a test\n"))
  }

  @Test func jsonKeepsTheOrderOfFields() throws {
    let run = try unit("inspect", file, "--format", "json")
    #expect(run.status == 0)
    #expect(
      run.text.hasSuffix(
        #""metadata":{"made by":"a test"},"tensors":["#
          + #"{"name":"layer.weight","dtype":"F32","shape":[2,3]},"#
          + #"{"name":"layer.bias","dtype":"F32","shape":[2]}]}"# + "\n"))
  }

  @Test func missingFileGetsASuggestion() throws {
    let run = try unit("inspect", folder.path("weight.safetensors"))
    expectFailure(run, 66, saying: "did you mean 'weights.safetensors'?")
  }

  @Test func truncatedFileIsBadData() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    for count in [0, 7, 8, 20, bytes.count - 1] {
      let path = try folder.file("cut.safetensors", Array(bytes[..<count]))
      expectFailure(try unit("inspect", path), 65, saying: "cut.safetensors")
    }
  }

  @Test func fileOfAnotherKindIsBadData() throws {
    let path = try folder.file("photo.safetensors", Array("\u{89}PNG\r\n\u{1A}\n and more".utf8))
    expectFailure(try unit("inspect", path), 65, saying: "photo.safetensors")
  }

  @Test func aModelShowsTasksAndSize() throws {
    let model = try TinyModel()
    let run = try unit("inspect", model.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains("family unit"))
    #expect(
      run.text.contains("task shapes: detection, reads image, 5 queries, 2 labels, 2 attributes"))
    let json = try unit("inspect", model.path, "--format", "json")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any])
    let tensors = try #require(report["tensors"] as? [[String: Any]])
    let count = tensors.reduce(0) { $0 + ($1["shape"] as? [Int] ?? []).reduce(1, *) }
    #expect(report["parameters"] as? Int == count)
    #expect((report["configuration"] as? [String: Any])?["family"] as? String == "unit")
    #expect((report["tasks"] as? [Any])?.count == 4)
  }
}
