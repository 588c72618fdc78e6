import Layers
import Models
import Tensors

extension NoisedObjects {
  /// Noises the objects of each picture several times (`prepare_for_dn` of DN-DETR); nil where no
  /// picture has any.
  ///
  /// A picture with fewer objects than another has queries to spare, which count for nothing.
  init?(
    _ objects: [ObjectTargets], _ denoising: Denoising, classes: Int, key: RandomKey
  ) {
    let length = objects.map(\.labels.count).max() ?? 0
    guard length > 0 else { return nil }
    let runs = max(1, min(denoising.groups, Denoising.limit / length))
    var (labels, boxes, valid): ([Int], [Float], [Bool]) = ([], [], [])
    for (picture, targets) in objects.enumerated() {
      for run in 0..<runs {
        let key = key.folding(UInt64(picture)).folding(UInt64(run))
        for position in 0..<length {
          // A picture without objects has one query all the same: something must be attended to.
          valid.append(position < max(1, targets.labels.count))
          guard position < targets.labels.count else {
            labels.append(0)
            boxes += [0.5, 0.5, 0.5, 0.5]
            continue
          }
          let word = UInt64(6 * position)
          let isWrong = key.uniform(at: word) < denoising.labelNoise
          labels.append(
            isWrong ? key.integer(at: word + 1, below: classes) : targets.labels[position])
          boxes += targets.boxes[position].noised(denoising.boxNoise) {
            2 * key.uniform(at: word + 2 + $0) - 1
          }
        }
      }
    }
    self.init(
      labels: labels, boxes: Tensor(boxes, shape: [objects.count, runs * length, 4]),
      group: QueryGroup(length: length, runs: runs, padding: valid))
  }

  /// The queries of real objects, in order: the row among the queries of all pictures, and which
  /// object it is.
  func origins(_ targets: [ObjectTargets]) -> [(row: Int, picture: Int, object: Int)] {
    targets.enumerated().flatMap { picture, objects in
      (0..<group.runs).flatMap { run in
        objects.labels.indices.map { object in
          (picture * group.count + run * group.length + object, picture, object)
        }
      }
    }
  }
}

extension ObjectTargets.Box {
  /// The four numbers of a box nearby.
  ///
  /// - Parameters:
  ///   - noise: part of half the extent that the middle moves at most, and of the extent that this
  ///     changes.
  ///   - random: four numbers in `-1...1`.
  fileprivate func noised(_ noise: Float, random: (UInt64) -> Float) -> [Float] {
    func clamped(_ value: Float) -> Float { min(max(value, 0), 1) }
    return [
      clamped(centerX + random(0) * noise * width / 2),
      clamped(centerY + random(1) * noise * height / 2),
      clamped(width + random(2) * noise * width), clamped(height + random(3) * noise * height),
    ]
  }
}
