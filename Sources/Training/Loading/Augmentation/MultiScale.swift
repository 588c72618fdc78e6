import Inputs
import Tensors

/// DETR's random sizes of pictures in training: the shorter side is one of a list, and half of the
/// pictures are resized, cut and resized again, so that objects are seen large and at borders.
///
/// `make_coco_transforms` of DETR's `datasets/coco.py`:
///
///     RandomSelect(
///       RandomResize(short, max_size=longest),
///       Compose([RandomResize(crop.short), RandomSizeCrop(crop.least, crop.most),
///                RandomResize(short, max_size=longest)]))
public struct MultiScale: Sendable, Equatable, Codable {
  /// The part of a picture that is cut out half of the time.
  public struct Crop: Sendable, Equatable, Codable {
    /// Lengths of the shorter side before it is cut, in pixels; one of them is drawn.
    public var short: [Int]
    /// The shortest side of the part, in pixels; a shorter side of the picture stays whole.
    public var least: Int
    /// The longest side of the part, in pixels.
    public var most: Int

    /// A part of random extent and place.
    public init(short: [Int] = [400, 500, 600], least: Int = 384, most: Int = 600) {
      precondition(!short.isEmpty && 0 < least && least <= most, "no part is \(least)...\(most)")
      self.short = short
      self.least = least
      self.most = most
    }
  }

  /// Lengths of the shorter side, in pixels; one of them is drawn.
  public var short: [Int]
  /// The longer side is not longer, in pixels, but for the rounding of the shorter one.
  public var longest: Int
  /// The part that is cut out half of the time; nil for none.
  public var crop: Crop?

  /// The lengths of DETR's recipe: 480 to 800 in steps of 32.
  public static let shortOfDETR = Array(stride(from: 480, through: 800, by: 32))

  /// Random sizes; DETR's without the part.
  public init(short: [Int] = shortOfDETR, longest: Int = 1333, crop: Crop? = nil) {
    precondition(!short.isEmpty, "a random size needs lengths to choose from")
    self.short = short
    self.longest = longest
    self.crop = crop
  }

  /// One thing that is done to a picture.
  enum Step: Equatable {
    case resize(ImageSize)
    case crop(columns: Range<Int>, rows: Range<Int>)
  }

  /// What is done to a picture of the given size, in order; the same key gives the same steps.
  func steps(for size: ImageSize, key: RandomKey) -> [Step] {
    func drawn(_ lengths: [Int], _ word: UInt64) -> Int {
      lengths[key.integer(at: word, below: lengths.count)]
    }
    let last = drawn(short, 1)
    guard let crop, key.word(at: 0) & 1 == 1 else {
      return [.resize(Self.size(of: size, short: last, longest: longest))]
    }
    let large = Self.size(of: size, short: drawn(crop.short, 2), longest: nil)
    func part(of side: Int, _ word: UInt64) -> Range<Int> {
      let most = min(side, crop.most)
      let least = min(side, crop.least)
      let length = least + key.integer(at: word, below: most - least + 1)
      let start = key.integer(at: word + 1, below: side - length + 1)
      return start..<start + length
    }
    let columns = part(of: large.width, 3)
    let rows = part(of: large.height, 5)
    let cut = ImageSize(width: columns.count, height: rows.count)
    return [
      .resize(large), .crop(columns: columns, rows: rows),
      .resize(Self.size(of: cut, short: last, longest: longest)),
    ]
  }

  /// `get_size_with_aspect_ratio` of DETR's transforms.
  static func size(of size: ImageSize, short: Int, longest: Int?) -> ImageSize {
    Preprocessing.Resize.shortestSide(short: short, longestMaximum: longest).size(of: size)
  }
}

extension MarkedPicture {
  /// The picture after the steps.
  mutating func apply(_ steps: [MultiScale.Step], filter: ResizeFilter) {
    for step in steps {
      switch step {
      case .resize(let size): resize(to: size, filter: filter)
      case .crop(let columns, let rows): crop(columns: columns, rows: rows)
      }
    }
  }
}

extension Preprocessing {
  /// The same for a picture that has its final size already: scale, mean, deviation and the least
  /// size stay.
  var keepingSizes: Preprocessing {
    var kept = self
    kept.resize = .none
    kept.crop = nil
    return kept
  }
}
