import Datasets
import Foundation
import Heads
import Inputs
import Metrics
import Models
import Testing

/// What COCO, VOC and YOLO have in common: the same pictures in three formats.
struct DetectionDatasetTests {
  private func objects(_ sample: Sample) throws -> ObjectTargets {
    guard case .objects(let objects) = sample.target else {
      Issue.record("no objects")
      return ObjectTargets(labels: [], boxes: [])
    }
    return objects
  }

  @Test(arguments: [("coco", "COCO"), ("voc", "VOC"), ("yolo", "YOLO")])
  func theSamplesAreTheSame(kind: String, folder: String) throws {
    let data = try DatasetRegistry.open(kind, Samples.path(folder), "train", .toys())
    #expect(data.count == 4)
    // YOLO sorts its files as text, which is the same here.
    let first = try data.sample(0)
    #expect(first.image?.size == ImageSize(width: 48, height: 36))
    let targets = try objects(first)
    #expect(targets.labels == [1, 3])
    let expected: [[Float]] = [
      [10 / 48, 11 / 36, 12 / 48, 12 / 36], [33 / 48, 20 / 36, 18 / 48, 20 / 36],
    ]
    for (box, numbers) in zip(targets.boxes, expected) {
      let found = [box.centerX, box.centerY, box.width, box.height]
      #expect(zip(found, numbers).allSatisfy { abs($0 - $1) < 1e-6 }, "\(found)")
    }
    #expect(try objects(data.sample(1)).labels == [2])
    #expect(try objects(data.sample(2)).labels.isEmpty)
    // Only COCO's format says that the last object is a crowd, which is not learnt.
    #expect(try objects(data.sample(3)).labels == (kind == "coco" ? [3, 3] : [3, 3, 1]))
    #expect(try DatasetRegistry.open(kind, Samples.path(folder), "val", .toys()).count == 2)
  }

  @Test func crowdsAndAreasReachTheEvaluation() throws {
    let data = try DatasetRegistry.open("coco", Samples.path("COCO"), "train", .toys())
    let marked = try #require(try data.sample(3).marked)
    #expect(marked.map(\.isCrowd) == [false, false, true])
    #expect(try data.sample(0).marked?.map(\.area) == [113.04, 360])
    #expect(try data.sample(0).marked?.map(\.category) == [1, 3])
  }

  @Test func boxesAreCutAtTheBorderAndEmptyOnesLeftOut() throws {
    let copy = try Samples.copy("COCO")
    let file = "annotations/instances_train.json"
    try copy.replace("[4, 5, 12, 12]", "[-4, 30, 12, 12]", in: file)
    try copy.replace("[24, 10, 18, 20]", "[24, 10, 0, 20]", in: file)
    let data = try DatasetRegistry.open("coco", copy.path, "train", .toys())
    let targets = try objects(data.sample(0))
    #expect(targets.labels == [1])
    let box = try #require(targets.boxes.first)
    #expect(abs(box.centerX - 4 / 48) < 1e-6 && abs(box.width - 8 / 48) < 1e-6)
    #expect(abs(box.centerY - 33 / 36) < 1e-6 && abs(box.height - 6 / 36) < 1e-6)
  }

  @Test func rowsFollowNamesAndTheTaskSaysTheIDs() throws {
    let task = TaskSpec.toys(["sail", "box", "ball"], ids: [70, 30, 10])
    let data = try DatasetRegistry.open("coco", Samples.path("COCO"), "train", task)
    #expect(try objects(data.sample(0)).labels == [2, 1])
    #expect(try data.sample(0).marked?.map(\.category) == [10, 30])
  }

  @Test func numberedLabelsTakeTheIDs() throws {
    let labels = [""] + (1...8).map { "object \($0)" }
    let data = try DatasetRegistry.open("coco", Samples.path("COCO"), "train", .toys(labels))
    #expect(try objects(data.sample(0)).labels == [1, 3])
    #expect(try objects(data.sample(1)).labels == [7])
  }

  @Test func aClassThatTheTaskLacksIsNamed() {
    let text = Samples.failure {
      _ = try DatasetRegistry.open(
        "coco", Samples.path("COCO"), "train", .toys(["ball", "boxx", "sail"]))
    }
    #expect(
      text.contains(
        "instances_train.json: 'box' is not a label of the task 'toys'; did you mean 'boxx'?"))
  }

  @Test(arguments: ["coco", "voc", "yolo", "visual-genome"])
  func anotherHeadIsRefused(kind: String) {
    let text = Samples.failure {
      _ = try DatasetRegistry.open(kind, "/nowhere", "train", .reading(["a", "b"]))
    }
    #expect(text.contains("\(kind) has nothing for the task 'reading'"))
  }

  @Test func aPictureOfAnotherSizeIsNamed() throws {
    let copy = try Samples.copy("COCO")
    let picture = copy.file("train/000000000012.png")
    try Data(encodePNG(Image(width: 36, height: 48, filledWith: (9, 9, 9)))).write(
      to: URL(fileURLWithPath: picture))
    let data = try DatasetRegistry.open("coco", copy.path, "train", .toys())
    let text = Samples.failure { _ = try data.sample(1) }
    #expect(
      text.contains("says 48 x 36 pixels, the upright picture has 36 x 48")
        && text.contains("EXIF"), "\(text)")
  }
}
