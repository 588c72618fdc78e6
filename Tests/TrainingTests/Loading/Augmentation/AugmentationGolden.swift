import Foundation
import Support

/// What DETR's rules and Pillow gave: `Goldens/Training/make_augmentation.py`.
struct AugmentationGolden: Decodable {
  /// A picture that was resized, cut and resized again.
  struct Pipeline: Decodable {
    /// Width and height.
    let size: [Int]
    /// Left, upper, right and lower edge of each object, in pixels.
    let boxes: [[Float]]
    /// The size before the part is cut out.
    let large: [Int]
    /// Left, top, width and height of the part.
    let part: [Int]
    let short: Int
    let longest: Int
    /// The size at the end.
    let last: [Int]
    /// Positions of the objects that are left, and their boxes at the end.
    let kept: [Int]
    let result: [[Float]]
  }

  /// A picture in other colours.
  struct Change: Decodable {
    let change: String
    let value: Double
    let pixels: Data
  }

  struct Colours: Decodable {
    /// 41 x 25 pixels.
    let pixels: Data
    let changes: [Change]
  }

  /// Width, height, short, longest; then width and height of the result.
  let sizes: [[Int]]
  let pipelines: [Pipeline]
  let colours: Colours

  static func read() throws -> AugmentationGolden {
    let data = try Data(
      contentsOf: URL(fileURLWithPath: Golden.path("Training/augmentation.json")))
    return try JSONDecoder().decode(AugmentationGolden.self, from: data)
  }
}
