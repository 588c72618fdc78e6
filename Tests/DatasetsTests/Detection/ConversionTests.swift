import Annotations
import Datasets
import Foundation
import Support
import Testing

/// What was converted and converted back is what it was.
struct ConversionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let splits = ["train", "val"]

  private func convert(
    _ path: String, _ from: MarkedFormat, _ to: DatasetConversion.Target,
    pictures: DatasetConversion.Pictures = .copy
  ) throws -> String {
    let output = folder.path("\(to.rawValue)-\(UUID().uuidString)")
    var conversion = try DatasetConversion(to: to, folder: output, pictures: pictures)
    try conversion.write(from.parts(path, splits: Self.splits))
    return output
  }

  /// The content without what depends on the place in the file system.
  private func content(_ path: String, _ format: MarkedFormat) throws -> [MarkedPictures] {
    try format.parts(path, splits: Self.splits).map { _, data in
      #expect(data.problems.isEmpty, "\(data.problems)")
      var data = data
      for position in data.pictures.indices {
        data.pictures[position].path = nil
        data.pictures[position].annotations = ""
      }
      return data
    }
  }

  private func expectSame(_ a: [MarkedPictures], _ b: [MarkedPictures]) {
    #expect(a.map(\.categories) == b.map(\.categories))
    #expect(a.map(\.pictures) == b.map(\.pictures))
  }

  /// COCO's sample with everything that another format might lose.
  private func awkwardCoco() throws -> SampleCopy {
    let copy = try Samples.copy("COCO")
    let file = "annotations/instances_train.json"
    try copy.replace("[4, 5, 12, 12]", "[4.37, 5.01, 12.1299, 12.000123]", in: file)
    try copy.replace("[10, 4, 21, 30]", "[0.1, 0.3, 47.9, 35.7]", in: file)
    try copy.replace("[2, 2, 9, 9]", "[-0.25, 2, 9, 9]", in: file)
    try copy.replace("\"file_name\": \"000000000012.png\"", "\"file_name\": \"a/40.png\"", in: file)
    try copy.replace("\"name\": \"box\"", "\"name\": \"box & <lid>: \\\"no\\\"\"", in: file)
    try copy.replace(
      "\"name\": \"box\"", "\"name\": \"box & <lid>: \\\"no\\\"\"",
      in: "annotations/instances_val.json")
    try copy.replace(
      "\"file_name\": \"000000000040.png\"", "\"file_name\": \"b/40.png\"",
      in: "annotations/instances_val.json")
    for (part, name, to) in [("train", "000000000012", "a"), ("val", "000000000040", "b")] {
      try FileManager.default.createDirectory(
        atPath: copy.file("\(part)/\(to)"), withIntermediateDirectories: true)
      try FileManager.default.moveItem(
        atPath: copy.file("\(part)/\(name).png"), toPath: copy.file("\(part)/\(to)/40.png"))
    }
    return copy
  }

  @Test(
    arguments: [[.voc], [.yolo], [.voc, .yolo], [.yolo, .voc]] as [[DatasetConversion.Target]])
  func cocoSurvives(path: [DatasetConversion.Target]) throws {
    let original = try awkwardCoco()
    var (place, format) = (original.path, MarkedFormat.coco)
    for target in path + [.coco] {
      place = try convert(place, format, target)
      format = MarkedFormat(rawValue: target.rawValue)!
      #expect(MarkedFormat(of: place) == format)
    }
    expectSame(try content(place, .coco), try content(original.path, .coco))
    // The pictures went with their names, though two of them are called alike.
    for name in ["train/a/40.png", "val/b/40.png"] {
      #expect(
        FileManager.default.contentsEqual(
          atPath: original.file(name), andPath: place + "/" + name), "\(name)")
    }
  }

  @Test(arguments: [[.coco], [.yolo], [.coco, .yolo]] as [[DatasetConversion.Target]])
  func vocSurvives(path: [DatasetConversion.Target]) throws {
    let copy = try Samples.copy("VOC")
    try copy.replace(
      "<truncated>0</truncated>", "<truncated>1</truncated><occluded>1</occluded>",
      in: "Annotations/000011.xml")
    try copy.replace("<xmin>5</xmin>", "<xmin>5.3</xmin>", in: "Annotations/000011.xml")
    var (place, format) = (copy.path, MarkedFormat.voc)
    for target in path + [.voc] {
      place = try convert(place, format, target)
      format = MarkedFormat(rawValue: target.rawValue)!
    }
    let (found, expected) = (try content(place, .voc), try content(copy.path, .voc))
    #expect(found.map { $0.pictures.map(\.name) } == expected.map { $0.pictures.map(\.name) })
    for (a, b) in zip(found.flatMap(\.pictures), expected.flatMap(\.pictures)) {
      #expect(a.id == b.id && a.width == b.width && a.height == b.height)
      #expect(a.objects.map(\.box) == b.objects.map(\.box))
      #expect(a.objects.map(\.view) == b.objects.map(\.view))
    }
    #expect(found[0].categories.map(\.name) == expected[0].categories.map(\.name))
  }

  @Test(arguments: [DatasetConversion.Target.coco, .voc]) func yoloSurvives(
    target: DatasetConversion.Target
  ) throws {
    let place = try convert(
      convert(Samples.path("YOLO"), .yolo, target), MarkedFormat(rawValue: target.rawValue)!, .yolo)
    let (found, expected) = (
      try content(place, .yolo), try content(Samples.path("YOLO"), .yolo)
    )
    #expect(found.map(\.categories) == expected.map(\.categories))
    for (a, b) in zip(found.flatMap(\.pictures), expected.flatMap(\.pictures)) {
      #expect(a.name == b.name && a.objects.map(\.category) == b.objects.map(\.category))
      for (one, other) in zip(a.objects, b.objects) {
        // The sample's own fractions have nine digits.
        #expect(abs(one.box.x - other.box.x) < 1e-8 && abs(one.box.width - other.box.width) < 1e-8)
      }
    }
  }

  @Test func changedLabelsLoseOnlyTheirDetails() throws {
    let voc = try convert(Samples.path("COCO"), .coco, .voc)
    let file = voc + "/Annotations/000000000031.xml"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let end = try #require(text.range(of: "  </object>\n"))
    let start = try #require(text.range(of: "  <object>\n"))
    try (text[..<start.lowerBound] + text[end.upperBound...]).write(
      toFile: file, atomically: true, encoding: .utf8)
    let data = try VOC.read(DatasetSource(kind: "voc", path: voc, split: "train"))
    #expect(data.pictures.map(\.id) == [11, 12, 25, 31])
    #expect(data.pictures[3].objects.count == 1)
    #expect(data.pictures[0].objects.map(\.number) == [210, 211])
    try "{}".write(toFile: voc + "/details.json", atomically: true, encoding: .utf8)
    let failure = Samples.failure {
      _ = try VOC.read(DatasetSource(kind: "voc", path: voc, split: "train"))
    }
    #expect(failure.contains("details.json: expected the details"))
  }

  @Test func picturesAreLinkedOrLeft() throws {
    let linked = try convert(Samples.path("COCO"), .coco, .yolo, pictures: .link)
    let link = linked + "/images/train/000000000011.png"
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: link)
        == Samples.path("COCO") + "/train/000000000011.png")
    let copy = try Samples.copy("COCO")
    try copy.remove("train")
    let bare = try convert(copy.path, .coco, .yolo, pictures: .none)
    #expect(FileManager.default.fileExists(atPath: bare + "/labels/train/000000000011.txt"))
    #expect(!FileManager.default.fileExists(atPath: bare + "/images"))
    #expect(Samples.failure { _ = try convert(copy.path, .coco, .yolo) }.contains("tried"))
  }

  @Test func refusals() throws {
    let full = try folder.folder("full")
    try folder.file("full/a.txt", "a")
    #expect(
      Samples.failure { _ = try DatasetConversion(to: .voc, folder: full) }.contains(
        "it is there already and not an empty folder"))
    let copy = try Samples.copy("COCO")
    for part in Self.splits {
      try copy.replace(
        "\"name\": \"sail\"", "\"name\": \"box\"", in: "annotations/instances_\(part).json")
    }
    #expect(
      Samples.failure { _ = try convert(copy.path, .coco, .yolo) }.contains(
        "two categories are called 'box'"))
  }
}
