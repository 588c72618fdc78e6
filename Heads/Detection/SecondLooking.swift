import Foundation
import Inputs
import Models
import Tensors

extension SecondLook {
  /// The objects of a picture after a second look at the likeliest boxes.
  ///
  /// - Parameters:
  ///   - all: what the detector says of every box and class, most probable first.
  ///   - image: the upright picture.
  ///   - preprocessing: the model's; its size does not count.
  /// - Returns: at most a hundred of `all`, most probable first.
  func chosen(
    among all: [Detection], in image: Image, network: UniT, preprocessing: Preprocessing
  ) -> [ChosenDetection] {
    var looked: [Detection.Box] = []
    for detection in all where !looked.contains(detection.box) {
      looked.append(detection.box)
      if looked.count == boxes { break }
    }
    guard !looked.isEmpty else { return [] }
    let evidence = evidence(for: looked, in: image, network: network, preprocessing: preprocessing)
    let groups = Dictionary(
      uniqueKeysWithValues: network.groupNames.enumerated().map { ($1, $0) })
    let weight = weight ?? 0.5
    let scores = all.map { detection -> Float in
      let score = detection.score
      func mean(_ said: Float) -> Float { pow(score, 1 - weight) * pow(said, weight) }
      guard let group = groups[detection.label], except?.contains(detection.label) != true else {
        return neutral.map(mean) ?? score
      }
      return mean(max(looked.firstIndex(of: detection.box).map { evidence[$0][group] } ?? 0, least))
    }
    let sorted = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
    let kept = withoutRepeated(
      sorted.prefix(Self.considered).map {
        ChosenDetection(index: $0, score: scores[$0], box: all[$0].box)
      }, classes: all.map(\.classID))
    return Array(kept.prefix(100))
  }

  /// How many objects are compared with one another.
  private static let considered = 400

  /// The objects that do not overlap a more probable one of their class too much (non-maximum
  /// suppression by class); most probable first.
  private func withoutRepeated(
    _ objects: [ChosenDetection], classes: [Int]
  ) -> [ChosenDetection] {
    var kept: [(best: ChosenDetection, all: [ChosenDetection])] = []
    for object in objects {
      let same = kept.firstIndex {
        classes[$0.best.index] == classes[object.index]
          && $0.best.box.overlap(with: object.box) > overlap
      }
      if let same { kept[same].all.append(object) } else { kept.append((object, [object])) }
    }
    return kept.map { best, all in
      var object = best
      if merges == true { object.box = Self.mean(all) }
      return object
    }
  }

  /// The mean of boxes, weighted by their scores.
  private static func mean(_ objects: [ChosenDetection]) -> Detection.Box {
    let whole = objects.reduce(0) { $0 + $1.score }
    guard whole > 0 else { return objects[0].box }
    func mean(_ number: (Detection.Box) -> Float) -> Float {
      objects.reduce(0) { $0 + $1.score * number($1.box) } / whole
    }
    return Detection.Box(
      x: mean(\.x), y: mean(\.y), width: mean(\.width), height: mean(\.height))
  }

  /// The probabilities of the backbone's groups for each box, `[boxes][groups]`.
  private func evidence(
    for boxes: [Detection.Box], in image: Image, network: UniT, preprocessing: Preprocessing
  ) -> [[Float]] {
    let preprocessing = Preprocessing(
      resize: .fixed(width: side, height: side), filter: preprocessing.filter,
      scale: preprocessing.scale, mean: preprocessing.mean,
      standardDeviation: preprocessing.standardDeviation)
    let pictures = boxes.map { preprocessing(cutOut($0, of: image)) }
    let groups = network.groups(of: ImageBatch(pictures).pixels)
    let (values, count) = (groups.elements, groups.shape[1])
    return boxes.indices.map { Array(values[$0 * count..<($0 + 1) * count]) }
  }

  /// The square around a box, as far as it lies in the picture.
  private func cutOut(_ box: Detection.Box, of image: Image) -> Image {
    let scale = Float(image.width) / Float(image.originalSize.width)
    let half = max(box.width, box.height) * margin / 2 * scale
    let (x, y) = ((box.x + box.width / 2) * scale, (box.y + box.height / 2) * scale)
    func span(_ centre: Float, _ extent: Int) -> Range<Int> {
      let low = min(max(0, Int((centre - half).rounded(.down))), extent - 1)
      let high = max(min(extent, Int((centre + half).rounded(.up))), low + 1)
      return low..<high
    }
    return image.cropped(columns: span(x, image.width), rows: span(y, image.height))
  }
}
