import Foundation
import Support
import Testing

/// A folder as transformers writes it, given to `--model` as it is.
struct HuggingFaceFolderTests {
  private let folder: TemporaryFolder
  private let picture: String

  init() throws {
    folder = try TemporaryFolder()
    picture = try folder.file("a.png", PictureSamples.png)
    let source = Golden.path("DETR/huggingface-resnet")
    for name in ["config.json", "model.safetensors"] {
      try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: folder.path(name))
    }
  }

  private func run(_ arguments: String...) throws -> Execution {
    try unit(raw: (arguments + ["--model", folder.path]).map { Array($0.utf8) })
  }

  private func preprocessing(_ entries: String) throws {
    try folder.file(
      "preprocessor_config.json",
      Array(#"{"image_processor_type": "DetrImageProcessor", \#(entries)}"#.utf8))
  }

  /// The shape of what the network sees.
  private func seen() throws -> [Int] {
    let file = folder.path("seen.safetensors")
    let run = try run("debug", "preprocess", picture, "--outputs", file)
    #expect(run.status == 0, "\(run.errors)")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let length = bytes.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    let header =
      try JSONSerialization.jsonObject(with: bytes[8..<8 + length]) as? [String: Any]
    let entry = header?["pixel_values"] as? [String: Any]
    return try #require(entry?["shape"] as? [Int])
  }

  @Test func thePicturesGetTheSizeOfTheFile() throws {
    try preprocessing(#""size": {"shortest_edge": 60, "longest_edge": 70}"#)
    #expect(try seen() == [1, 3, 52, 70])
    try preprocessing(#""size": {"height": 64, "width": 32}"#)
    #expect(try seen() == [1, 3, 64, 32])
    let run = try run("detect", picture, "--threshold", "0", "--format", "hf")
    #expect(run.status == 0, "\(run.errors)")
    let found = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output)) as? [[String: Any]])
    #expect(!found.isEmpty)
    for object in found {
      #expect(["person", "bicycle", "motorcycle"].contains(object["label"] as? String ?? ""))
      let box = try #require(object["box"] as? [String: Int])
      #expect(box.keys.sorted() == ["xmax", "xmin", "ymax", "ymin"])
    }
  }

  @Test func aFileThatCannotBeFollowedIsBadData() throws {
    try preprocessing(#""resample": 17"#)
    expectFailure(
      try run("detect", picture), 65, saying: "preprocessor_config.json", "'resample'",
      "found 17")
    try folder.file("preprocessor_config.json", Array("{}".utf8))
    expectFailure(
      try run("detect", picture), 65, saying: "image_processor_type", "found nothing")
  }

  @Test func namesComeFromAFile() throws {
    try preprocessing(#""size": {"height": 64, "width": 32}"#)
    let names = try folder.file("names.txt", Array("a\nb\nc\nN/A\ne\n".utf8))
    let run = try run(
      "detect", picture, "--threshold", "0", "--format", "json", "--labels", names)
    #expect(run.status == 0, "\(run.errors)")
    let labels = run.text.matches(of: /"label":"([^"]*)","class_id":(\d)/).map {
      "\($0.output.1)\($0.output.2)"
    }
    #expect(!labels.isEmpty)
    #expect(Set(labels).isSubset(of: ["a0", "b1", "c2", "e4"]))
    let short = try folder.file("short.txt", Array("a\nb\n".utf8))
    expectFailure(
      try self.run("detect", picture, "--labels", short), 65, saying: "short.txt",
      "expected 5 names", "found 2")
    expectFailure(
      try self.run("detect", picture, "--labels", folder.path("none.txt")), 66,
      saying: "none.txt", "--labels")
  }

  @Test func ninetyOneClassesWithoutNamesAreThoseOfCOCO() throws {
    // Only the names matter here: the class layer has another number of rows, which is said.
    let text = try String(contentsOfFile: folder.path("config.json"), encoding: .utf8)
    var entries = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    entries["id2label"] = Dictionary(
      uniqueKeysWithValues: (0..<91).map { ("\($0)", "LABEL_\($0)") })
    try folder.file(
      "config.json", [UInt8](try JSONSerialization.data(withJSONObject: entries)))
    expectFailure(try run("detect", picture), 65, saying: "class", "92")
  }
}
