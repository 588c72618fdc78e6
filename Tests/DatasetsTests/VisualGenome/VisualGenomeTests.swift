import Datasets
import Foundation
import Heads
import Models
import Testing

struct VisualGenomeTests {
  private func read(_ path: String, _ split: String = "train") throws -> MarkedPictures {
    try VisualGenome.read(DatasetSource(kind: "visual-genome", path: path, split: split))
  }

  @Test func readsTheSample() throws {
    let data = try read(Samples.path("VisualGenome"))
    #expect(data.problems.isEmpty)
    #expect(data.categories.map(\.name) == ["ball", "box", "sail"])
    #expect(data.attributes.map(\.name) == ["red", "green", "blue", "large"])
    #expect(data.pictures.map(\.id) == [11, 12, 25, 31])
    // Names that are not in the vocabulary are left out, spellings and case do not matter.
    #expect(data.pictures.map { $0.objects.map(\.category) } == [[0, 1], [2], [], [1, 1, 0]])
    #expect(data.pictures[0].objects.map(\.attributes) == [[1], [3, 4]])
    #expect(data.pictures[3].objects[2].attributes.isEmpty)
    #expect(try read(Samples.path("VisualGenome"), "all").pictures.count == 6)
  }

  @Test func rowsAreTheOfficialOnes() throws {
    let task = TaskSpec.toys(
      [""] + (1...3).map { "object \($0)" }, attributes: [""] + (1...4).map { "attribute \($0)" })
    let data = try DatasetRegistry.open(
      "visual-genome", Samples.path("VisualGenome"), "train", task)
    guard case .objects(let objects) = try data.sample(0).target else {
      Issue.record("no objects")
      return
    }
    #expect(objects.labels == [1, 2])
    #expect(objects.attributes == [[1], [3, 4]])
  }

  @Test func atMostSixteenAttributesCount() throws {
    let copy = try Samples.copy("VisualGenome")
    let words = (0..<40).map { "word\($0)" }
    try copy.write(words.joined(separator: "\n"), to: "attributes_vocab.txt")
    let list = words.map { "\"\($0)\"" }.joined(separator: ", ")
    try copy.replace("\"red\", \"drawn\"", list, in: "attributes.json")
    #expect(try read(copy.path).pictures[0].objects[0].attributes == Array(1...16))
  }

  @Test func theFormOfCocoIsRead() throws {
    let copy = try Samples.copy("COCO")
    let file = "annotations/instances_train.json"
    try copy.replace(
      "\"category_id\": 7,",
      "\"category_id\": 7, \"attribute_ids_max16\": [2, 5, -1, -1],", in: file)
    #expect(try read(copy.path).pictures[1].objects[0].attributes == [2, 5])
    #expect(try read(copy.path).attributes.map(\.name) == ["attribute 2", "attribute 5"])
    try copy.write("a\nb\nc\nd\ne\n", to: "annotations/attributes_vocab.txt")
    #expect(try read(copy.path).attributes.map(\.name) == ["a", "b", "c", "d", "e"])
  }

  @Test func whatIsMissingIsNamed() throws {
    let copy = try Samples.copy("VisualGenome")
    let split = Samples.failure { _ = try read(copy.path, "test") }
    #expect(split.contains("has no part 'test'; its parts: train, val, all"))
    try copy.write("11\nfirst\n", to: "train.txt")
    #expect(Samples.failure { _ = try read(copy.path) }.contains("train.txt, entry 2: expected"))
    try copy.remove("objects_vocab.txt")
    #expect(Samples.failure { _ = try read(copy.path) }.contains("tried \(copy.path)/objects_v"))
  }
}
