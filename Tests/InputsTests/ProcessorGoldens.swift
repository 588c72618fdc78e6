import Foundation
import Inputs
import Support

/// What `Goldens/Inputs/make_processors.py` computed.
struct ProcessorGoldens: Decodable {
  struct Sizes: Decodable {
    /// Width, height, short, longest; then width and height by DETR's and by Hugging Face's rule.
    let kept: [[Int]]
    let sums: [String: String]
  }

  struct Pixels: Decodable {
    /// The text of a `preprocessor_config.json`.
    let config: String
    let from: [Int]
    let seed: UInt32
    let to: [Int]
    let means: [Float]
    let samples: Data
  }

  struct Filtered: Decodable {
    let filter: ResizeFilter
    let from: [Int]
    let to: [Int]
    let seed: UInt32
    let sum: String
  }

  let sizes: Sizes
  let pixels: [Pixels]
  let filters: [Filtered]

  static func read() throws -> ProcessorGoldens {
    let data = try Data(contentsOf: URL(fileURLWithPath: Golden.path("Inputs/processors.json")))
    return try JSONDecoder().decode(ProcessorGoldens.self, from: data)
  }

  /// The picture that the script made of the same numbers.
  static func source(_ size: [Int], seed: UInt32) -> Image {
    Image(
      width: size[0], height: size[1], pixels: generatedBytes(3 * size[0] * size[1], seed: seed))
  }
}
