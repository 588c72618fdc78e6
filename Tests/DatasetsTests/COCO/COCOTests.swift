import Datasets
import Foundation
import Testing

struct COCOTests {
  private func read(_ path: String, _ split: String = "train") throws -> MarkedPictures {
    try COCO.read(DatasetSource(kind: "coco", path: path, split: split))
  }

  @Test func readsTheSample() throws {
    let data = try read(Samples.path("COCO"))
    #expect(data.problems.isEmpty)
    #expect(data.categories.map(\.id) == [1, 3, 7])
    #expect(data.categories.map(\.name) == ["ball", "box", "sail"])
    #expect(data.categories[0].group == "toy")
    #expect(data.pictures.map(\.id) == [11, 12, 25, 31])
    #expect(data.pictures[3].objects.map(\.isCrowd) == [false, false, true])
  }

  @Test func theFileItselfAndAPatternAreTaken() throws {
    let folder = Samples.path("COCO") + "/annotations/"
    #expect(try read(folder + "instances_val.json", "anything").pictures.map(\.id) == [40, 47])
    #expect(try read(folder + "instances_{split}.json", "val").pictures.map(\.id) == [40, 47])
  }

  @Test func allPathsThatWereTriedAreTold() throws {
    let copy = try Samples.copy("COCO")
    let text = Samples.failure { _ = try read(copy.path, "test") }
    for name in ["annotations/instances_test.json", "instances_test2017.json", "test.json"] {
      #expect(text.contains(name), "\(text)")
    }
    try copy.remove("train/000000000012.png")
    let failure = Samples.failure {
      _ = try DatasetRegistry.open("coco", copy.path, "train", .toys())
    }
    #expect(
      failure.contains(
        "instances_train.json, picture 12: '000000000012.png' was not found; tried "
          + copy.file("annotations/000000000012.png")), "\(failure)")
    #expect(failure.contains(copy.file("train/000000000012.png")))
    #expect(failure.contains("'unit data check'"))
  }

  @Test(arguments: [
    ("\"image_id\": 12", "\"image_id\": 13", "unknown-id", "found 13"),
    ("\"category_id\": 7", "\"category_id\": 2", "unknown-id", "found 2"),
    ("\"id\": 25", "\"id\": 12", "duplicate-id", "found 12 again"),
    ("{\"id\": 7", "{\"id\": 3", "duplicate-id", "found 3 again"),
    ("\"id\": 211", "\"id\": 210", "duplicate-id", "found 210 again"),
  ]) func wrongIDsAreProblems(old: String, new: String, kind: String, words: String) throws {
    let copy = try Samples.copy("COCO")
    try copy.replace(old, new, in: "annotations/instances_train.json")
    let data = try read(copy.path)
    let found = data.problems.contains { $0.kind.rawValue == kind && $0.text.contains(words) }
    #expect(found, "\(data.problems)")
    let text = Samples.failure {
      _ = try DatasetRegistry.open("coco", copy.path, "train", .toys())
    }
    #expect(text.contains("instances_train.json"), "\(text)")
  }

  @Test func brokenJSONIsNamed() throws {
    let copy = try Samples.copy("COCO")
    try copy.replace("[4, 5, 12, 12]", "[4, 5, NaN, 12]", in: "annotations/instances_train.json")
    #expect(Samples.failure { _ = try read(copy.path) }.contains("annotations[0].bbox[2]"))
  }
}
