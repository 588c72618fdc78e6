import Foundation
import Inputs
import Testing

/// Large JPEGs are decoded at a reduced scale unless the user wants every pixel.
struct ReducedDecodingCommandTests {
  private let model: TinyModel
  private let folder: TemporaryFolder
  private let picture: String

  init() throws {
    model = try TinyModel()
    folder = try TemporaryFolder()
    let (width, height) = (2400, 1800)
    let pixels = (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 / 3 % width / 10) }
    picture = try folder.file(
      "large.jpg", encodeJPEG(Image(width: width, height: height, pixels: pixels)))
  }

  private func detect(_ more: String...) throws -> [String: Any] {
    let all =
      ["detect", picture, "--model", model.path, "--threshold", "0", "--format", "json"] + more
    let run = try unit(raw: all.map { Array($0.utf8) })
    #expect(run.status == 0, "\(run.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
  }

  private func boxes(_ report: [String: Any]) -> [Double] {
    (report["detections"] as? [[String: Any]] ?? []).flatMap { detection in
      let box = detection["box"] as? [String: Double] ?? [:]
      return ["x", "y", "width", "height"].map { box[$0] ?? .nan }
    }
  }

  @Test func boxesAreInPixelsOfTheFile() throws {
    let reduced = try detect()
    let exact = try detect("--exact-decoding")
    let drawn = try detect("--annotate", folder.path("drawn.png"))
    for report in [reduced, exact, drawn] {
      #expect(report["width"] as? Int == 2400)
      #expect(report["height"] as? Int == 1800)
    }
    #expect(boxes(reduced).count == 4 * 5)
    for (a, b) in zip(boxes(reduced), boxes(exact)) { #expect(abs(a - b) < 5, "\(a) and \(b)") }
    // What is drawn into is the whole picture, of which the model then sees every pixel.
    #expect(boxes(drawn) == boxes(exact))
    #expect(
      try Image(contentsOf: folder.path("drawn.png")).size == ImageSize(width: 2400, height: 1800))
  }

  // 72 MB of pixels; what the process needs besides is what it needs for a small picture.
  @Test func aLargeJPEGIsNeverInMemoryAsAWhole() throws {
    func peak(_ width: Int, _ height: Int) throws -> Int {
      let image = Image(
        width: width, height: height, pixels: [UInt8](repeating: 90, count: 3 * width * height))
      let file = try folder.file("\(width).jpg", encodeJPEG(image))
      let run = try unit(
        "bench", "--preprocessing", "64", "--image", file, "--exact-decoding", "--runs", "2",
        "--format", "json")
      let report = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
      return try #require(report?["peak_memory_bytes"] as? Int, "\(run.errors)")
    }
    #expect(try peak(6000, 4000) < peak(300, 200) + 24_000_000)
  }
}
