import Datasets
import Heads
import Inputs
import Models
import Tensors
import Testing

@testable import Training

struct SampleAugmentationTests {
  /// A grey picture with a rectangle of a pure colour for each object.
  private struct Drawn {
    static let size = ImageSize(width: 40, height: 30)
    static let places = [(4, 3, 10, 8), (22, 5, 9, 20), (0, 18, 12, 12)]

    static var sample: Sample {
      var pixels = [UInt8](repeating: 128, count: 3 * size.width * size.height)
      for (object, (left, top, width, height)) in places.enumerated() {
        for y in top..<top + height {
          for x in left..<left + width {
            for channel in 0..<3 {
              pixels[3 * (y * size.width + x) + channel] = channel == object ? 255 : 0
            }
          }
        }
      }
      let boxes = places.map { left, top, width, height in
        ObjectTargets.Box(
          centerX: (Float(left) + Float(width) / 2) / Float(size.width),
          centerY: (Float(top) + Float(height) / 2) / Float(size.height),
          width: Float(width) / Float(size.width), height: Float(height) / Float(size.height))
      }
      return Sample(
        name: "drawn", image: Image(width: size.width, height: size.height, pixels: pixels),
        target: .objects(
          ObjectTargets(labels: [10, 11, 12], boxes: boxes, attributes: [[0], [1], [2]])))
    }

    /// The smallest box around the pixels whose channel `object` stands out, if there are any.
    static func box(of object: Int, in image: Image) -> (x: Range<Int>, y: Range<Int>)? {
      var (left, right, top, bottom) = (image.width, -1, image.height, -1)
      for y in 0..<image.height {
        for x in 0..<image.width {
          let start = 3 * (y * image.width + x)
          let others = (0..<3).filter { $0 != object }.map { image.pixels[start + $0] }
          guard image.pixels[start + object] > 192, others.allSatisfy({ $0 < 64 }) else { continue }
          (left, right) = (min(left, x), max(right, x))
          (top, bottom) = (min(top, y), max(bottom, y))
        }
      }
      return right < 0 ? nil : (left..<right + 1, top..<bottom + 1)
    }
  }

  private func check(_ augmentation: PictureAugmentation, _ filter: ResizeFilter, within: Float)
    throws
  {
    var kept: Set<Int> = []
    var sizes: Set<ImageSize> = []
    for seed in 0..<150 as Range<UInt64> {
      let key = RandomKey(seed: seed)
      let changed = augmentation(Drawn.sample, filter: filter, key: key)
      let image = try #require(changed.image)
      sizes.insert(image.size)
      let again = augmentation(Drawn.sample, filter: filter, key: key)
      #expect(again.image == image)
      guard case .objects(let objects) = changed.target,
        case .objects(let repeated) = again.target
      else {
        Issue.record("no objects are left")
        return
      }
      #expect(objects == repeated)
      kept.insert(objects.labels.count)
      #expect(objects.attributes == objects.labels.map { [$0 - 10] })
      for (label, box) in zip(objects.labels, objects.boxes) {
        let (width, height) = (Float(image.width), Float(image.height))
        let edges = [
          (box.centerX - box.width / 2) * width, (box.centerX + box.width / 2) * width,
          (box.centerY - box.height / 2) * height, (box.centerY + box.height / 2) * height,
        ]
        #expect(edges[0] > -1e-3 && edges[1] < width + 1e-3)
        #expect(edges[2] > -1e-3 && edges[3] < height + 1e-3)
        guard let seen = Drawn.box(of: label - 10, in: image) else {
          // A sliver may be lost between two pixels.
          #expect(within > 0 && min(edges[1] - edges[0], edges[3] - edges[2]) < 2 * within + 1)
          continue
        }
        let found = [
          seen.x.lowerBound, seen.x.upperBound, seen.y.lowerBound, seen.y.upperBound,
        ]
        for (edge, pixel) in zip(edges, found) {
          #expect(abs(edge - Float(pixel)) <= within + 1e-3)
        }
      }
      for object in 0..<3 where !objects.labels.contains(10 + object) {
        #expect(Drawn.box(of: object, in: image) == nil)
      }
    }
    #expect(kept.count > 1 || augmentation.multiScale?.crop == nil)
    #expect(sizes.count > 1 || augmentation.multiScale == nil)
  }

  @Test func boxesSurroundExactlyTheirPixels() throws {
    try check(PictureAugmentation(flips: true, shift: 3), .bilinear, within: 0)
    // Whole factors and the nearest pixel leave every edge sharp.
    let whole = MultiScale(short: [30, 60, 90], longest: 300)
    try check(PictureAugmentation(flips: true, multiScale: whole), .nearest, within: 0)
  }

  @Test func boxesSurroundTheirPixelsInPartsOfAnySize() throws {
    let parts = MultiScale(
      short: [31, 44, 57], longest: 80, crop: .init(short: [26, 37], least: 11, most: 24))
    for filter in [ResizeFilter.bilinear, .nearest] {
      // Twice resized, each time by up to a factor of five.
      try check(PictureAugmentation(flips: true, multiScale: parts), filter, within: 5)
    }
    let gentle = MultiScale(short: [33, 47], longest: 80)
    try check(PictureAugmentation(flips: true, multiScale: gentle), .bilinear, within: 1.01)
  }

  @Test func onlyMirroringSizesAndColoursChangePicturesWithoutBoxes() throws {
    var sample = Drawn.sample
    sample.target = .category(2)
    let augmentation = PictureAugmentation(
      flips: true, shift: 5, multiScale: MultiScale(short: [15], longest: 99),
      colour: ColourJitter(brightness: 0.5...0.6))
    let changed = augmentation(sample, filter: .bilinear, key: RandomKey(seed: 2))
    #expect(changed.image?.size == ImageSize(width: 20, height: 15))
    #expect(changed.image!.pixels.max()! <= 153)
    guard case .category(2) = changed.target else {
      Issue.record("the target changed")
      return
    }
  }

  @Test func rulesProtectAnswers() throws {
    func task(_ head: String, _ labels: [String]) -> TaskSpec {
      TaskSpec(
        name: "t", head: head, group: "vl", index: 0, queries: 1, inputs: [.image],
        labels: labels)
    }
    let coloured = PictureAugmentation(colour: ColourJitter(hue: -0.1...0.1))
    let error = #expect(throws: TrainingError.self) {
      try coloured.check(for: task("answer", ["yes", "Red", "blue", "green", "teal"]))
    }
    #expect("\(error!)".contains("(Red, blue, green)"), "\(error!)")
    #expect("\(error!)".contains("even_named: true"), "\(error!)")
    try coloured.check(for: task("detection", ["apple", "orange", "red fox"]))
    let asked = PictureAugmentation(colour: ColourJitter(hue: -0.1...0.1, evenNamed: true))
    try asked.check(for: task("answer", ["red", "blue"]))
    let cut = #expect(throws: TrainingError.self) {
      try PictureAugmentation.detr.check(for: task("answer", ["yes", "no"]))
    }
    #expect("\(cut!)".contains("augment.detr.crop"), "\(cut!)")
    try PictureAugmentation.detr.check(for: task("detection", ["red", "blue"]))
  }
}
