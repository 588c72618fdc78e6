import Datasets
import Foundation
import Inputs
import Testing

/// Copies the sample, damages the copy, and reads it.
final class EasyVQAErrorTests {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("easy-vqa-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.copyItem(atPath: EasyVQATests.sample, toPath: folder.path)
  }
  deinit { try? FileManager.default.removeItem(at: folder) }

  func failure() -> String {
    let error = #expect(throws: (any Error).self) {
      try EasyVQA(directory: self.folder.path, split: .train)
    }
    return error.map { "\($0)" } ?? ""
  }

  func replaceInQuestions(_ old: String, _ new: String) throws {
    let file = folder.appendingPathComponent("train/questions.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacing(old, with: new).write(to: file, atomically: true, encoding: .utf8)
  }

  func replacePicture(_ id: Int, _ image: Image) throws {
    try Data(encodePNG(image)).write(
      to: folder.appendingPathComponent("train/images/\(id).png"))
  }

  @Test func namesThePathsItTried() {
    let error = #expect(throws: EasyVQAError.self) {
      try EasyVQA(directory: "/no/such/folder", split: .test)
    }
    let text = "\(error!)"
    for path in ["/no/such/folder/test", "/no/such/folder/easy_vqa/data/test"] {
      #expect(text.contains(path))
    }
  }

  @Test func aMissingFileIsNamed() throws {
    try FileManager.default.removeItem(at: folder.appendingPathComponent("train/questions.json"))
    #expect(failure().contains("train/questions.json"))
  }

  @Test func aMissingPictureIsNamed() throws {
    try FileManager.default.removeItem(at: folder.appendingPathComponent("train/images/3.png"))
    let text = failure()
    #expect(text.contains("question 24: asks about picture 3, but there is no"))
    #expect(text.contains("train/images/3.png"))
  }

  @Test func aPictureWithoutAnObjectIsNamed() throws {
    try replacePicture(2, Image(width: 64, height: 64, filledWith: (240, 240, 240)))
    let text = failure()
    #expect(text.contains("images/2.png: there is no object in one of the colours of easy-VQA"))
  }

  @Test func aPictureWithoutABackgroundIsNamed() throws {
    let pixels = (0..<3 * 64 * 64).map { UInt8(($0 * 37) % 251) }
    try replacePicture(1, Image(width: 64, height: 64, pixels: pixels))
    #expect(failure().contains("images/1.png: the border has no single background colour"))
  }

  @Test func twoObjectsAreNamed() throws {
    let first = try Image(contentsOf: folder.appendingPathComponent("train/images/0.png").path)
    var pixels = first.pixels
    for start in stride(from: 3 * (64 * 5 + 5), to: 3 * (64 * 5 + 15), by: 3) {
      pixels.replaceSubrange(start..<start + 3, with: [255, 0, 0])
    }
    try replacePicture(0, Image(width: 64, height: 64, pixels: pixels))
    #expect(failure().contains("0.png: expected one object of one colour, found red and blue"))
  }

  @Test func aBrokenPictureIsNamed() throws {
    try Data([0x89, 0x50, 0x4E, 0x47]).write(
      to: folder.appendingPathComponent("train/images/4.png"))
    #expect(failure().contains("images/4.png"))
  }

  @Test func aContradictionNamesPictureAndQuestion() throws {
    try replaceInQuestions(
      "\"is there a triangle?\", \"yes\"", "\"is there a triangle?\", \"no\"")
    let text = failure()
    #expect(text.contains("images/2.png shows a red triangle"))
    #expect(text.contains("the question 'is there a triangle?' is answered 'no'"))
  }

  @Test(arguments: [
    ("\"blue\"", "\"purple\"", "question 2: the answer 'purple' is none of circle, green"),
    (", 0],", ", \"0\"],", "question 0: expected [question, answer, picture number]"),
    ("[\n[", "{[", "not JSON"),
  ]) func malformedQuestionsAreNamed(old: String, new: String, expected: String) throws {
    try replaceInQuestions(old, new)
    #expect(failure().contains(expected))
  }

  @Test func otherAnswersAreRefused() throws {
    try "yes\nno\n".write(
      to: folder.appendingPathComponent("answers.txt"), atomically: true, encoding: .utf8)
    #expect(failure().contains("found 2 lines: yes, no"))
  }
}
