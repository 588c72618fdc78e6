import Datasets
import Foundation
import Testing

struct SNLIVETests {
  private static let classes = ["entailment", "neutral", "contradiction"]

  private func open(
    _ path: String = Samples.path("SNLIVE"), _ split: String = "train",
    _ labels: [String] = classes
  ) throws -> any TaskDataset {
    try DatasetRegistry.open("snli-ve", path, split, .answering(head: "classification", labels))
  }

  private func row(_ sample: Sample) -> Int? {
    if case .category(let row) = sample.target { row } else { nil }
  }

  @Test func readsTheSample() throws {
    let data = try open()
    // The fourth pair has no label that people agreed on.
    #expect(data.count == 3)
    #expect(try (0..<3).map { row(try data.sample($0)) } == [0, 1, 2])
    #expect(try data.sample(1).text == "The ball is heavy.")
    #expect(try data.sample(1).image?.height == 36)
    #expect(try data.sample(1).secondText == nil)
    let turned = try open(Samples.path("SNLIVE"), "dev", Self.classes.reversed())
    #expect(try (0..<2).map { row(try turned.sample($0)) } == [2, 0])
  }

  @Test func picturesAreKnownAgain() throws {
    let data = try open()
    #expect(data.pictureName(0)?.hasSuffix("images/11.png") == true)
    #expect(data.pictureName(0) == data.pictureName(1))
    #expect(data.pictureName(1) != data.pictureName(2))
    let blind = try data.sampleWithoutPicture(2)
    #expect(blind.image == nil)
    #expect(blind.text == "There is nothing green." && row(blind) == 2)
    #expect(blind.name == (try data.sample(2)).name)
  }

  @Test func whatIsWrongIsNamed() throws {
    let copy = try Samples.copy("SNLIVE")
    #expect(Samples.failure { _ = try open(copy.path, "test") }.contains("snli_ve_test.jsonl"))
    #expect(
      Samples.failure { _ = try open(copy.path, "dev", ["yes", "no"]) }.contains(
        "should be those of SNLI-VE"))
    try copy.replace("\"neutral\"", "\"maybe\"", in: "snli_ve_train.jsonl")
    #expect(Samples.failure { _ = try open(copy.path) }.contains("line 2: expected entailment"))
    try copy.remove("images/47.png")
    let picture = Samples.failure { _ = try open(copy.path, "dev") }
    #expect(picture.contains("picture '47'") && picture.contains("/images/47.jpg"), "\(picture)")
    try copy.write("{\"sentence2\": \"It is.\"}\n", to: "snli_ve_dev.jsonl")
    #expect(Samples.failure { _ = try open(copy.path, "dev") }.contains("the key 'Flickr30K_ID'"))
  }
}
