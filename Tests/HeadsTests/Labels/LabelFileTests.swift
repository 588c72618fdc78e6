import Foundation
import Heads
import Models
import Testing

/// Files of names, and COCO's names.
@Suite struct LabelFileTests {
  private let path = NSTemporaryDirectory() + "labels-\(UUID().uuidString)"

  private func read(_ text: String) throws -> LabelFile { try read(Array(text.utf8)) }

  private func read(_ bytes: [UInt8]) throws -> LabelFile {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try LabelFile(contentsOf: path)
  }

  @Test func everyKindOfFileGivesTheSameNames() throws {
    let names = ["", "cat", "wild dog"]
    #expect(try read("N/A\ncat\nwild dog\n").names == names)
    #expect(try read("\u{FEFF}N/A\r\n cat \r\nwild dog").names == names)
    #expect(try read(#"["N/A", "cat", "wild dog"]"#).names == names)
    #expect(try read(#"{"1": "cat", "2": "wild dog"}"#).names == names)
    #expect(
      try read(#"{"model_type": "detr", "id2label": {"2": "wild dog", "1": "cat"}}"#).names
        == names)
    #expect(try read("cat").isComplete)
    #expect(try !read(#"{"0": "cat"}"#).isComplete)
  }

  private func refusal(_ bytes: [UInt8]) -> String {
    do {
      return "\(try read(bytes).names)"
    } catch {
      return "\(error)".replacingOccurrences(of: path, with: "FILE")
    }
  }

  @Test func badFilesAreRefusedWithWords() {
    let start = "FILE: expected names, one a line, or a JSON object of them by row; it "
    #expect(refusal([]) == start + "has no names.")
    #expect(refusal(Array("\n\n".utf8)) == start + "has no names.")
    #expect(refusal([0xFF, 0xFE]) == start + "is not UTF-8.")
    #expect(refusal(Array("[1, 2]".utf8)) == start + "is not a JSON list of names.")
    #expect(
      refusal(Array(#"{"0": 1}"#.utf8))
        == start + #"is not a JSON object such as {"0": "cat", "1": "dog"}."#)
    #expect(
      refusal(Array(#"{"cat": "0"}"#.utf8))
        == "FILE: expected names, one a line, or a JSON object of them by row; "
        + "'cat' is not the number of a row.")
    #expect(refusal(Array(#"{"99999999999": "a"}"#.utf8)).contains("not the number of a row"))
    #expect(refusal(Array(#"{"1": "a", "01": "b"}"#.utf8)).contains("not the number of a row"))
    #expect(throws: LabelFileError.missing(file: path)) { try LabelFile(contentsOf: path) }
    #expect(throws: LabelFileError.missing(file: "/")) { try LabelFile(contentsOf: "/") }
  }

  @Test func cocoHasEightyNamesUnderNinetyOneIds() {
    #expect(CocoLabels.names.count == 91 && CocoLabels.ids.count == 80)
    #expect(Set(CocoLabels.ids.map { CocoLabels.names[$0] }).count == 80)
    #expect(CocoLabels.names[1] == "person" && CocoLabels.names[90] == "toothbrush")
    let gaps = CocoLabels.names.indices.filter { CocoLabels.names[$0].isEmpty }
    #expect(gaps == [0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83])
    #expect(CocoLabels.names[62] == "chair" && CocoLabels.names[84] == "book")
  }
}
