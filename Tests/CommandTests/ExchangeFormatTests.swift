import Foundation
import Testing

/// The formats of other programs: COCO, YOLO, CSV, Pascal VOC.
struct ExchangeFormatTests {
  private let model: TinyModel
  private let folder: TemporaryFolder
  private let picture: String

  init() throws {
    model = try TinyModel()
    folder = try TemporaryFolder()
    picture = try folder.file("photo_2014_00042.png", PictureSamples.png)
  }

  private func detect(_ arguments: String...) throws -> Execution {
    let all = ["detect", "--model", model.path, "--threshold", "0"] + arguments
    return try unit(raw: all.map { Array($0.utf8) })
  }

  /// The same objects in the program's own format.
  private func objects() throws -> [(label: String, id: Int, score: Double, box: [String: Double])]
  {
    let run = try detect(picture, "--format", "json")
    let report = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
    return try #require(report?["detections"] as? [[String: Any]]).map { object in
      (
        object["label"] as? String ?? "", object["class_id"] as? Int ?? -1,
        object["score"] as? Double ?? -1, object["box"] as? [String: Double] ?? [:]
      )
    }
  }

  @Test func cocoHasIdsAndUnroundedBoxes() throws {
    let run = try detect(picture, "--format", "coco")
    let results = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output)) as? [[String: Any]])
    let objects = try objects()
    #expect(results.count == objects.count)
    for (result, object) in zip(results, objects) {
      #expect(result["image_id"] as? Int == 42)
      #expect(result["category_id"] as? Int == object.id)
      let box = object.box
      #expect(
        result["bbox"] as? [Double] == [box["x"]!, box["y"]!, box["width"]!, box["height"]!])
    }
  }

  @Test func cocoIdsComeFromAFile() throws {
    let plain = try folder.file("photo.png", PictureSamples.png)
    let ids = try folder.file("ids.json", Array(#"{"photo.png": 7}"#.utf8))
    #expect(
      try detect(plain, "--format", "coco", "--image-ids", ids).text.contains(#""image_id":7,"#))
    let truth = try folder.file(
      "truth.json", Array(#"{"images": [{"id": 8, "file_name": "photo.png"}]}"#.utf8))
    #expect(
      try detect(plain, "--format", "coco", "--image-ids", truth).text.contains(#""image_id":8,"#))
    #expect(try detect(plain, "--format", "coco").status == 65)
    #expect(try detect(picture, "--format", "coco", "--image-ids", ids).status == 65)
    expectFailure(
      try detect(plain, "--format", "coco", "--image-ids", plain), 65, saying: "photo.png")
    expectFailure(
      try detect(plain, "--format", "coco", "--image-ids", folder.path("idz.json")), 66,
      saying: "did you mean 'ids.json'?")
  }

  @Test func yoloHasFractions() throws {
    let run = try detect(picture, "--format", "yolo")
    let lines = run.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    for (line, object) in zip(lines, try objects()) {
      #expect(line.count == 6)
      #expect(line[0] == (object.label == "circle" ? "0" : "1"))
      let x = (object.box["x"]! + object.box["width"]! / 2) / 40
      #expect(abs(Double(line[1])! - x) < 1e-5 * max(1, abs(x)))
      #expect(abs(Double(line[5])! - object.score) < 1e-5)
    }
  }

  @Test func severalPicturesNeedAFolder() throws {
    try folder.file("b.png", PictureSamples.png)
    expectFailure(try detect(folder.path, "--format", "yolo"), 64, saying: "--output")
    for ending in ["yolo", "voc"] {
      let target = folder.path("labels-\(ending)")
      let run = try detect(folder.path, "--format", ending, "--output", target)
      #expect(run.status == 0, "\(run.errors)")
      let suffix = ending == "yolo" ? "txt" : "xml"
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: target).sorted()
          == ["b.\(suffix)", "photo_2014_00042.\(suffix)"])
    }
  }

  @Test func csvQuotesWhatNeedsIt() throws {
    let odd = try folder.file("a, \"b\".png", PictureSamples.png)
    let run = try detect(odd, picture, "--format", "csv", "--max-boxes", "1")
    let rows = run.text.components(separatedBy: "\r\n")
    #expect(rows[0] == "file,x_min,y_min,x_max,y_max,class_id,confidence,label,attributes")
    #expect(rows[1].hasPrefix("\"" + odd.replacingOccurrences(of: "\"", with: "\"\"") + "\","))
    #expect(rows[2].hasPrefix(picture + ","))
    #expect(rows.count == 4 && rows[3].isEmpty)
  }

  @Test func vocIsXMLWithBoxesInsideThePicture() throws {
    let run = try detect(picture, "--format", "voc")
    let numbers = run.text.matches(of: /<(xmin|xmax|ymin|ymax)>(\d+)</)
    #expect(numbers.count == 20)
    for match in numbers {
      let limit = match.output.1.hasPrefix("x") ? 40 : 30
      #expect((1...limit).contains(Int(match.output.2) ?? 0))
    }
    #expect(run.text.contains("<filename>photo_2014_00042.png</filename>"))
  }
}
