import Heads
import Inputs

/// A picture with the boxes of its objects, which follow whatever is done to it.
///
/// The rules are those of `resize` and `crop` in DETR's `datasets/transforms.py`.
struct MarkedPicture: Sendable {
  /// The pixels.
  private(set) var image: Image
  /// A box of each object that is left, in pixels of the picture.
  private(set) var boxes: [Detection.Box]
  /// Position of each box's object among the objects at the beginning.
  private(set) var objects: [Int]

  /// A picture with all its objects.
  init(_ image: Image, boxes: [Detection.Box]) {
    self.image = image
    self.boxes = boxes
    objects = Array(boxes.indices)
  }

  /// The picture in another size, and the boxes with it.
  mutating func resize(to size: ImageSize, filter: ResizeFilter) {
    if size == image.size { return }
    let across = Float(size.width) / Float(image.width)
    let down = Float(size.height) / Float(image.height)
    image = image.resized(width: size.width, height: size.height, filter: filter)
    boxes = boxes.map {
      Detection.Box(
        x: $0.x * across, y: $0.y * down, width: $0.width * across, height: $0.height * down)
    }
  }

  /// A part of the picture: boxes are cut off at its border, and objects whose box has no area then
  /// are left out.
  mutating func crop(columns: Range<Int>, rows: Range<Int>) {
    image = image.cropped(columns: columns, rows: rows)
    let left = zip(boxes, objects).compactMap { box, object -> (Detection.Box, Int)? in
      let (x, width) = Self.clip(box.x, box.width, to: columns)
      let (y, height) = Self.clip(box.y, box.height, to: rows)
      guard width > 0, height > 0 else { return nil }
      return (Detection.Box(x: x, y: y, width: width, height: height), object)
    }
    boxes = left.map(\.0)
    objects = left.map(\.1)
  }

  /// The picture with other pixels of the same size.
  mutating func recolour(_ change: (Image) -> Image) { image = change(image) }

  /// What is left of an extent along one axis, seen from the part's beginning.
  private static func clip(
    _ start: Float, _ length: Float, to part: Range<Int>
  ) -> (start: Float, length: Float) {
    let origin = Float(part.lowerBound)
    let low = min(max(start - origin, 0), Float(part.count))
    let high = min(max(start + length - origin, 0), Float(part.count))
    return (low, high - low)
  }
}
