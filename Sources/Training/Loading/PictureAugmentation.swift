import Heads
import Inputs
import Tensors

/// Random changes of a picture together with its boxes: mirroring, moving, sizes, colours.
///
/// What is done depends on a key alone, which `ShuffledBatches` makes from seed, task, epoch and
/// sample.
public struct PictureAugmentation: Sendable, Equatable, Codable {
  /// Whether pictures are mirrored left to right, half of the time.
  public var flips: Bool
  /// Pixels by which pictures are moved at most, in each direction.
  public var shift: Int
  /// Random sizes in the place of the model's own; nil for the model's.
  public var multiScale: MultiScale?
  /// Random colours; nil for none.
  public var colour: ColourJitter?

  /// What DETR was trained with: mirroring, sizes and parts of pictures.
  public static let detr = PictureAugmentation(
    flips: true, multiScale: MultiScale(crop: MultiScale.Crop()))

  /// Random changes; none by default.
  public init(
    flips: Bool = false, shift: Int = 0, multiScale: MultiScale? = nil,
    colour: ColourJitter? = nil
  ) {
    self.flips = flips
    self.shift = shift
    self.multiScale = multiScale
    self.colour = colour
  }

  /// Whether there is anything to do.
  var changesAnything: Bool { self != PictureAugmentation() }

  /// The mirrored and moved picture and its boxes, in pixels; the same key gives the same result.
  ///
  /// The rim that moving uncovers repeats the picture's outermost pixels. No box leaves the
  /// picture, and a side that a box touches stays where it is, so that every object keeps its
  /// shape and the rim repeats background only.
  public func callAsFunction(
    _ image: Image, boxes: [Detection.Box], key: RandomKey
  ) -> (image: Image, boxes: [Detection.Box]) {
    let mirrors = flips && key.word(at: 0) & 1 == 1
    let width = Float(image.width)
    let boxes = boxes.map { box in
      mirrors ? with(box) { $0.x = width - box.x - box.width } : box
    }
    let right = move(
      boxes.map { ($0.x, $0.x + $0.width) }, extent: image.width, word: 1, key: key)
    let down = move(
      boxes.map { ($0.y, $0.y + $0.height) }, extent: image.height, word: 2, key: key)
    guard mirrors || right != 0 || down != 0 else { return (image, boxes) }
    let moved = boxes.map { box in
      with(box) {
        $0.x += Float(right)
        $0.y += Float(down)
      }
    }
    return (rearranged(image, mirrors: mirrors, right: right, down: down), moved)
  }

  /// A random whole number of pixels within the limits that the boxes set along one axis.
  private func move(
    _ edges: [(low: Float, high: Float)], extent: Int, word: UInt64, key: RandomKey
  ) -> Int {
    guard shift > 0 else { return 0 }
    let most = min(shift, extent - 1)
    let before = edges.map(\.low).min() ?? .infinity
    let after = edges.map { Float(extent) - $0.high }.min() ?? .infinity
    guard before > 1, after > 1 else { return 0 }
    // One pixel of background stays between an object and the side: its smoothed edge needs it.
    let back = min(Float(most), before.rounded(.down) - 1)
    let forth = min(Float(most), after.rounded(.down) - 1)
    return key.integer(at: word, below: Int(back) + Int(forth) + 1) - Int(back)
  }

  private func with(
    _ box: Detection.Box, _ change: (inout Detection.Box) -> Void
  ) -> Detection.Box {
    var box = box
    change(&box)
    return box
  }

  private func rearranged(_ image: Image, mirrors: Bool, right: Int, down: Int) -> Image {
    let (width, height) = (image.width, image.height)
    let columns = (0..<width).map { x in
      let source = min(max(x - right, 0), width - 1)
      return 3 * (mirrors ? width - 1 - source : source)
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { pixels, count in
      image.pixels.withUnsafeBufferPointer { source in
        for y in 0..<height {
          let row = 3 * width * min(max(y - down, 0), height - 1)
          var target = 3 * width * y
          for column in columns {
            for channel in 0..<3 {
              pixels.initializeElement(at: target, to: source[row + column + channel])
              target += 1
            }
          }
        }
      }
      count = 3 * width * height
    }
    return Image(width: width, height: height, pixels: pixels)
  }
}
