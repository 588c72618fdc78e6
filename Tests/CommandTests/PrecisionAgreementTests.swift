import Foundation
import Testing

/// What the model of easy-VQA finds in the sample's pictures, in the faster arithmetics and in f32.
struct PrecisionAgreementTests {
  private struct Found {
    let label: String
    let score: Double
    let box: [Double]

    /// Area of the intersection as a part of that of the union.
    func overlap(_ other: Found) -> Double {
      func shared(_ axis: Int) -> Double {
        let low = max(box[axis], other.box[axis])
        return max(
          0, min(box[axis] + box[axis + 2], other.box[axis] + other.box[axis + 2]) - low)
      }
      let both = shared(0) * shared(1)
      return both / (box[2] * box[3] + other.box[2] * other.box[3] - both)
    }
  }

  private static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path + "/datasets/EasyVQA"

  private func found(_ dtype: String, above threshold: Double) throws -> [[Found]] {
    let run = try unit(
      "detect", Self.folder + "/Sample/train/images", Self.folder + "/Sample/test/images",
      "--model", Self.folder + "/Model", "--threshold",
      "\(threshold)",
      "--format", "jsonl", "--dtype", dtype)
    try #require(run.status == 0, "\(run.errors)")
    return try run.text.split(separator: "\n").map { line in
      let report = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(report?["detections"] as? [[String: Any]]).map { object in
        let box = try #require(object["box"] as? [String: Double])
        return Found(
          label: try #require(object["label"] as? String),
          score: try #require(object["score"] as? Double),
          box: ["x", "y", "width", "height"].map { box[$0] ?? .nan })
      }
    }
  }

  @Test(arguments: [("bf16", 0.02), ("int8", 0.02)])
  func everyObjectIsFoundAgain(_ dtype: String, _ tolerance: Double) throws {
    let (exact, faster) = (try found("f32", above: 0.1), try found(dtype, above: 0.05))
    #expect(exact.count == 8 && faster.count == 8)
    for (objects, others) in zip(exact, faster) {
      #expect(!objects.isEmpty)
      for object in objects {
        #expect(
          others.contains {
            $0.label == object.label && $0.overlap(object) >= 0.9
              && abs($0.score - object.score) <= tolerance
          }, "\(dtype): \(object) among \(others)")
      }
    }
  }
}
