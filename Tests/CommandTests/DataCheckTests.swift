import Foundation
import Inputs
import Testing

struct DataCheckTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func sample(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("datasets/\(name)/Sample").path
  }

  private func copy(_ name: String) throws -> String {
    try FileManager.default.copyItem(atPath: Self.sample(name), toPath: folder.path(name))
    return folder.path(name)
  }

  private func replace(_ old: String, _ new: String, in file: String) throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains(old), "\(file) has no '\(old)'")
    try text.replacing(old, with: new).write(toFile: file, atomically: true, encoding: .utf8)
  }

  private func check(_ arguments: String...) throws -> Execution {
    try unit(raw: (["data", "check"] + arguments).map { Array($0.utf8) })
  }

  private func problems(_ run: Execution) throws -> [[String: String]] {
    let report = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
    return try #require(report?["problems"] as? [[String: String]])
  }

  @Test(arguments: ["COCO", "VOC", "YOLO", "VisualGenome"])
  func theSamplesAreSound(name: String) throws {
    let run = try check(Self.sample(name))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains("train: 4 pictures (1 without objects)"))
    #expect(run.text.contains("0 errors, 0 warnings"))
    #expect(run.text.contains("48 x 36 to 48 x 36 pixels"))
  }

  @Test func classesAreCounted() throws {
    let run = try check(Self.sample("COCO"), "--split", "train", "--format", "json")
    let report = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
    let part = try #require((report?["parts"] as? [[String: Any]])?.first)
    #expect(part["objects"] as? Int == 5 && part["crowds"] as? Int == 1)
    let classes = try #require(part["classes"] as? [[String: Any]])
    #expect(classes.map { $0["label"] as? String } == ["ball", "box", "sail"])
    #expect(classes.map { $0["objects"] as? Int } == [1, 3, 1])
    #expect(classes.map { $0["pictures"] as? Int } == [1, 2, 1])
  }

  @Test func everythingIsFoundAtOnce() throws {
    let data = try copy("COCO")
    let file = data + "/annotations/instances_train.json"
    try replace("[4, 5, 12, 12]", "[4, 5, 0, 12]", in: file)
    try replace("[24, 10, 18, 20]", "[24, 10, 18, 30]", in: file)
    try replace("\"image_id\": 12", "\"image_id\": 13", in: file)
    try replace("\"id\": 414", "\"id\": 413", in: file)
    try FileManager.default.removeItem(atPath: data + "/train/000000000012.png")
    try Data([0x89, 0x50, 0x4E, 0x47]).write(
      to: URL(fileURLWithPath: data + "/train/000000000025.png"))
    try FileManager.default.removeItem(atPath: data + "/val/000000000047.png")
    try FileManager.default.copyItem(
      atPath: data + "/train/000000000031.png", toPath: data + "/val/000000000047.png")
    let run = try check(data, "--queries", "1", "--format", "json")
    #expect(run.status == 65 && run.errors.isEmpty, "\(run.errors)")
    let found = try problems(run)
    #expect(
      Set(found.compactMap { $0["kind"] }) == [
        "degenerate-box", "outside-box", "unknown-id", "duplicate-id", "missing-picture",
        "corrupt-picture", "overlap", "more-objects-than-queries",
      ])
    let missing = found.first { $0["kind"] == "missing-picture" }
    #expect(missing?["text"]?.contains("tried \(data)/annotations/000000000012.png") == true)
    let overlap = found.first { $0["kind"] == "overlap" }
    #expect(overlap?["file"] == data + "/val/000000000047.png" && overlap?["split"] == "val")
    #expect(overlap?["text"]?.hasSuffix("000000000031.png of the part 'train'") == true)
    let many = found.filter { $0["kind"] == "more-objects-than-queries" }
    #expect(many.allSatisfy { $0["severity"] == "warning" } && many.count == 3)
    let text = try check(data).text
    #expect(text.contains("error outside-box: 1\n  [train] \(file), annotation 211: "))
    #expect(
      text.contains("expected a box inside of 48 x 36 pixels, found [24.0, 10.0, 18.0, 30.0]"))
  }

  @Test func picturesThatAreTurnedAreFound() throws {
    let data = try copy("COCO")
    var jpeg = encodeJPEG(PictureSamples.gradient(width: 48, height: 36), quality: 90)
    // EXIF with orientation 6 behind the first marker.
    let exif: [UInt8] =
      [0xFF, 0xE1, 0, 34] + Array("Exif\0\0MM\0*".utf8)
      + [0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    jpeg.insert(contentsOf: exif, at: 2)
    try Data(jpeg).write(to: URL(fileURLWithPath: data + "/train/000000000025.png"))
    let run = try check(data, "--format", "json")
    #expect(run.status == 65)
    let found = try problems(run)
    #expect(found.compactMap { $0["kind"] } == ["rotated-picture", "picture-size"], "\(found)")
    #expect(found[0]["severity"] == "warning")
    #expect(found[0]["text"]?.contains("EXIF orientation 6") == true)
    #expect(found[1]["text"]?.contains("48 x 36 pixels, the upright picture has 36 x 48") == true)
  }

  @Test func numbersThatAreNoneAreFound() throws {
    let yolo = try copy("YOLO")
    try folder.file("YOLO/labels/train/11.txt", "0 nan 0.5 0.1 0.1\n1 0.5 0.5 inf 0.1\n")
    let run = try check(yolo, "--format", "json")
    #expect(run.status == 65)
    #expect(try problems(run).compactMap { $0["kind"] } == ["not-finite-box", "not-finite-box"])
    let coco = try copy("COCO")
    let file = coco + "/annotations/instances_train.json"
    try replace("[4, 5, 12, 12]", "[4, NaN, 12, 12]", in: file)
    let broken = try check(file, "--format", "json")
    #expect(broken.status == 65)
    let problem = try #require(try problems(broken).first)
    #expect(problem["kind"] == "unreadable" && problem["file"] == file)
    #expect(problem["text"]?.contains("annotations[0].bbox[1]") == true, "\(problem)")
  }

  @Test func damagedXMLIsOneProblemAmongOthers() throws {
    let data = try copy("VOC")
    try replace("</size>", "</sice>", in: data + "/Annotations/000011.xml")
    let run = try check(data)
    #expect(run.status == 65)
    #expect(run.text.contains("error unreadable: 1\n"))
    #expect(run.text.contains("000011.xml, line 8: expected </size>, found </sice>"))
  }

  @Test func repeatedPicturesAreWarnings() throws {
    let data = try copy("YOLO")
    try FileManager.default.copyItem(
      atPath: data + "/images/train/11.png", toPath: data + "/images/train/99.png")
    let run = try check(data, "--kind", "yolo")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains("warning repeated-picture: 1\n"))
    #expect(run.text.contains("99.png: the same picture as \(data)/images/train/11.png"))
  }

  @Test(arguments: [
    ("vqa", "VQA", "train: 5 texts, 4 pictures, 48 x 36 to 48 x 36 pixels\n  balls"),
    ("snli-ve", "SNLIVE", "train: 3 texts, 2 pictures"),
    ("qnli", "GLUE/Sample/QNLI", "train: 2 texts, 0 pictures\n"),
    ("mnli", "GLUE/Sample/MNLI", "dev_mismatched: 2 texts"),
    ("qqp", "GLUE/Sample/QQP", "dev: 1 texts"), ("sst2", "GLUE/Sample/SST-2", "  positive"),
  ]) func textsAreChecked(kind: String, name: String, words: String) throws {
    let path = Self.sample(name.split(separator: "/").first.map(String.init) ?? name)
    let folder = name.contains("/") ? path + "/" + name.split(separator: "/").last! : path
    let run = try check(folder, "--kind", kind)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains(words) && run.text.contains("0 errors"), "\(run.text)")
  }

  @Test func questionsWithoutAnswersOrPicturesAreFound() throws {
    let data = try copy("VQA")
    try replace(
      "\"question_id\": 40000", "\"question_id\": 1", in: data + "/val_annotations.json")
    try FileManager.default.removeItem(atPath: data + "/val/000000000047.png")
    let run = try check(data, "--kind", "vqa", "--format", "json")
    #expect(run.status == 65)
    #expect(
      try problems(run).compactMap { $0["kind"] } == [
        "unknown-id", "unknown-id", "missing-picture",
      ])
    #expect(try problems(run)[2]["text"]?.contains("COCO_val2014_000000000047.jpg") == true)
    let glue = try copy("GLUE")
    try replace("\t0\n", "\t7\n", in: glue + "/SST-2/train.tsv")
    let text = try check(glue + "/SST-2", "--kind", "sst2")
    #expect(text.status == 65)
    #expect(text.text.contains("train.tsv, line 3: expected 0, 1 as label, found '7'"))
  }

  @Test func badRequests() throws {
    expectFailure(try check(folder.path("none")), 66, saying: "none")
    expectFailure(try check(folder.path), 64, saying: "--kind", "coco, voc, yolo")
    expectFailure(try check(folder.path, "--kind", "coko"), 64, saying: "coco")
    expectFailure(try check(folder.path, "--kind", "coco"), 66, saying: "instances_train.json")
    expectFailure(
      try check(Self.sample("COCO"), "--queries", "0"), 64, saying: "--queries", "data check --help"
    )
    expectFailure(
      try check(Self.sample("VOC"), "--split", "test"), 64, saying: "its parts: train, val, all")
  }
}
