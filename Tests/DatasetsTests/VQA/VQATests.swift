import Datasets
import Foundation
import Models
import Testing

struct VQATests {
  private static let answers = [
    "<unk>", "yes", "no", "red", "green", "blue", "0", "1", "2", "ball", "box", "sail",
  ]

  private func open(
    _ path: String = Samples.path("VQA"), _ split: String = "train", _ labels: [String] = answers
  ) throws -> any TaskDataset {
    try DatasetRegistry.open("vqa", path, split, .answering(labels))
  }

  private func weights(_ sample: Sample) -> [Int: Float] {
    guard case .answers(let answers) = sample.target else { return [:] }
    return Dictionary(uniqueKeysWithValues: answers.map { ($0.row, $0.weight) })
  }

  @Test func answersAreWeighedAsTheOfficialOnes() throws {
    let data = try open()
    #expect(data.count == 5)
    #expect(try data.sample(0).text == "What color is the ball?")
    #expect(try data.sample(0).image?.width == 48)
    // Eight of ten say red; two say crimson, which is not among the answers.
    #expect(weights(try data.sample(0)) == [3: 1])
    // "two" is 2, so that eight agree; two say 1: each of them sees one other, the rest two.
    let counted = weights(try data.sample(1))
    #expect(counted[8] == 1 && abs((counted[7] ?? 0) - (8 * 2 / 3 + 2 * 1 / 3) / 10) < 1e-6)
    // "a sail" is "sail".
    #expect(weights(try data.sample(2)) == [11: 1])
    #expect(abs((weights(try data.sample(3))[1] ?? 0) - 0.9 / 3) < 1e-6)
  }

  @Test func unknownAnswersGetNoWeight() throws {
    let copy = try Samples.copy("VQA")
    try copy.replace("crimson", "<unk>", in: "train_annotations.json")
    #expect(weights(try open(copy.path).sample(0)) == [3: 1])
    let data = try open(copy.path, "val", ["", "no", "maybe"])
    #expect(weights(try data.sample(0)).isEmpty)
  }

  @Test func numberedAnswersTakeTheFile() throws {
    let labels = [""] + (1...11).map { "answer \($0)" }
    #expect(weights(try open(Samples.path("VQA"), "train", labels).sample(0)) == [3: 1])
    let short = Array(labels.dropLast())
    #expect(
      Samples.failure { _ = try open(Samples.path("VQA"), "train", short) }.contains(
        "answers_vqa.txt: expected 11 answers, one for each row of the task 'answers', found 12"))
    let copy = try Samples.copy("VQA")
    try copy.remove("answers_vqa.txt")
    #expect(Samples.failure { _ = try open(copy.path, "train", labels) }.contains("tried"))
  }

  @Test func picturesMayBeNamed() throws {
    let copy = try Samples.copy("VQA")
    try copy.replace(
      "{\"questions\"", "{\"images\": [{\"id\": 40, \"file_name\": \"forty.png\"}], \"questions\"",
      in: "val_questions.json")
    let text = Samples.failure { _ = try open(copy.path, "val") }
    #expect(text.contains("picture 40") && text.contains("/val/forty.png"), "\(text)")
    try FileManager.default.moveItem(
      atPath: copy.file("val/000000000040.png"), toPath: copy.file("val/forty.png"))
    #expect(try open(copy.path, "val").count == 2)
  }

  @Test func whatIsMissingIsNamed() throws {
    let copy = try Samples.copy("VQA")
    let split = Samples.failure { _ = try open(copy.path, "test") }
    #expect(split.contains("v2_OpenEnded_mscoco_test2014_questions.json"))
    try copy.remove("train/000000000025.png")
    let picture = Samples.failure { _ = try open(copy.path) }
    #expect(picture.contains("picture 25") && picture.contains("COCO_train2014_000000000025.jpg"))
    try copy.replace("\"question_id\": 40000", "\"question_id\": 1", in: "val_annotations.json")
    #expect(
      Samples.failure { _ = try open(copy.path, "val") }.contains(
        "question 40000: expected the answers to 'Is the sail red?', found none"))
    let head = Samples.failure {
      _ = try DatasetRegistry.open("vqa", copy.path, "val", .reading(["a", "b"]))
    }
    #expect(head.contains("vqa has nothing for the task"))
  }
}
