import Foundation
import FoundationXML
import Testing

/// The formats of other programs, read back as those programs read them.
struct FormatRoundTripTests {
  private let folder: TemporaryFolder
  private let objects: [Object]
  private let model: TinyModel
  private let picture: String

  private struct Object: Decodable {
    struct Box: Decodable {
      let x: Double
      let y: Double
      let width: Double
      let height: Double

      /// Left, upper, right, lower.
      var edges: [Double] { [x, y, x + width, y + height] }
    }

    let label: String
    let classID: Int
    let score: Double
    let box: Box

    enum CodingKeys: String, CodingKey {
      case label, score, box
      case classID = "class_id"
    }
  }

  private struct Report: Decodable { let detections: [Object] }

  init() throws {
    model = try TinyModel()
    folder = try TemporaryFolder()
    picture = try folder.file("photo_7.png", PictureSamples.png)
    let run = try Self.detect(picture, model, "json")
    objects = try JSONDecoder().decode(Report.self, from: Data(run.output)).detections
    #expect(objects.count == 5)
  }

  private static func detect(_ picture: String, _ model: TinyModel, _ format: String) throws
    -> Execution
  {
    try unit(
      "detect", picture, "--model", model.path, "--threshold", "0", "--format", format)
  }

  private func detect(_ format: String) throws -> Execution {
    try Self.detect(picture, model, format)
  }

  /// transformers' pipeline turns each edge into a whole number by cutting off its digits.
  @Test func huggingFaceCutsEdgesOff() throws {
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(detect("hf").output)) as? [[String: Any]])
    #expect(list.count == objects.count)
    for (entry, object) in zip(list, objects) {
      #expect(Set(entry.keys) == ["score", "label", "box"])
      #expect(entry["label"] as? String == object.label)
      #expect(entry["score"] as? Double == object.score)
      let box = try #require(entry["box"] as? [String: Int])
      let edges = ["xmin", "ymin", "xmax", "ymax"].map { box[$0] }
      // The edges are sums of single precision: right at a whole number they may fall to its side.
      for (edge, expected) in zip(edges, object.box.edges) {
        let near = [expected - 1e-4, expected, expected + 1e-4].map { Int($0) }
        #expect(near.contains(edge ?? .min), "\(expected)")
      }
    }
  }

  /// ultralytics wants five or six numbers a line, the first whole and below the number of classes,
  /// the next four in 0...1.
  @Test func yoloGivesTheBoxesBack() throws {
    let lines = try detect("yolo").text.split(separator: "\n")
    #expect(lines.count == objects.count)
    for (line, object) in zip(lines, objects) {
      let numbers = line.split(separator: " ").compactMap { Double($0) }
      #expect(numbers.count == 6)
      #expect(["circle", "square"][Int(numbers[0])] == object.label)
      #expect(numbers[1...].allSatisfy { (0...1).contains($0) })
      let (width, height) = (numbers[3] * 40, numbers[4] * 30)
      let edges = [
        numbers[1] * 40 - width / 2, numbers[2] * 30 - height / 2, numbers[1] * 40 + width / 2,
        numbers[2] * 30 + height / 2,
      ]
      expectNear(edges, object.box.edges, 1e-3)
      expectNear([numbers[5]], [object.score], 1e-5)
    }
  }

  /// What `csv.DictReader` makes of it.
  @Test func csvGivesTheBoxesBack() throws {
    let rows = try detect("csv").text.components(separatedBy: "\r\n").dropLast().map {
      $0.components(separatedBy: ",")
    }
    let names = rows[0]
    #expect(rows.count == objects.count + 1)
    for (cells, object) in zip(rows.dropFirst(), objects) {
      let row = Dictionary(uniqueKeysWithValues: zip(names, cells))
      let edges = ["x_min", "y_min", "x_max", "y_max"].map { Double(row[$0] ?? "") ?? .nan }
      expectNear(edges, object.box.edges, 1e-5)
      #expect(row["class_id"] == "\(object.classID)" && row["label"] == object.label)
      #expect(Double(row["confidence"] ?? "") == object.score)
    }
  }

  /// Tools take one from each edge: xmin and xmax are the first and the last pixel, from 1 on.
  @Test func vocGivesTheBoxesBackInWholePixels() throws {
    let reader = VOCReader()
    let parser = XMLParser(data: Data(try detect("voc").output))
    parser.delegate = reader
    #expect(parser.parse())
    #expect(reader.width == 40 && reader.height == 30)
    #expect(reader.objects.count == objects.count)
    for (found, object) in zip(reader.objects, objects) {
      #expect(found["name"] == object.label)
      let edges = object.box.edges
      for (name, expected) in [
        ("xmin", edges[0] + 1), ("ymin", edges[1] + 1), ("xmax", edges[2]), ("ymax", edges[3]),
      ] {
        let limit = name.hasPrefix("x") ? 40.0 : 30.0
        let number = try #require(Double(found[name] ?? ""))
        #expect(abs(number - min(max(expected, 1), limit)) <= 0.5001, "\(name)")
      }
    }
  }

  private func expectNear(_ found: [Double], _ expected: [Double], _ tolerance: Double) {
    for (a, b) in zip(found, expected) { #expect(abs(a - b) <= tolerance, "\(a), expected \(b)") }
  }
}

/// The values of an annotation's objects by the names of their elements.
private final class VOCReader: NSObject, XMLParserDelegate {
  var width = 0
  var height = 0
  var objects: [[String: String]] = []
  private var text = ""
  private var isInObject = false

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    text = ""
    if name == "object" {
      isInObject = true
      objects.append([:])
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "object" { isInObject = false }
    if isInObject { objects[objects.count - 1][name] = text }
    if name == "width" { width = Int(text) ?? 0 }
    if name == "height" { height = Int(text) ?? 0 }
  }
}
