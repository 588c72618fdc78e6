import Datasets
import Heads
import Inputs
import Tensors

extension PictureAugmentation {
  /// A sample with its picture changed, and its objects with it.
  ///
  /// - Parameters:
  ///   - filter: how pixels are weighed where the picture changes size; the model's own.
  ///   - key: decides what is done.
  func callAsFunction(_ sample: Sample, filter: ResizeFilter, key: RandomKey) -> Sample {
    guard let image = sample.image, changesAnything else { return sample }
    var changed = sample
    guard case .objects(let objects) = sample.target else {
      // Without boxes to keep inside only mirroring is safe.
      let mirrored = PictureAugmentation(flips: flips)(image, boxes: [], key: key).image
      changed.image = rest(MarkedPicture(mirrored, boxes: []), filter: filter, key: key).image
      return changed
    }
    let (moved, boxes) = self(image, boxes: objects.boxes(in: image.size), key: key)
    let picture = rest(MarkedPicture(moved, boxes: boxes), filter: filter, key: key)
    changed.image = picture.image
    changed.target = .objects(objects.following(picture))
    // Where the objects were is true of the original only.
    changed.marked = nil
    return changed
  }

  /// What is done after mirroring and moving.
  private func rest(
    _ picture: MarkedPicture, filter: ResizeFilter, key: RandomKey
  ) -> MarkedPicture {
    var picture = picture
    if let multiScale {
      let steps = multiScale.steps(for: picture.image.size, key: key.folding("sizes"))
      picture.apply(steps, filter: filter)
    }
    if let colour { picture.recolour { colour($0, key: key.folding("colours")) } }
    return picture
  }
}

extension ObjectTargets {
  /// The boxes in pixels of a picture.
  fileprivate func boxes(in size: ImageSize) -> [Detection.Box] {
    let (width, height) = (Float(size.width), Float(size.height))
    return boxes.map {
      Detection.Box(
        x: ($0.centerX - $0.width / 2) * width, y: ($0.centerY - $0.height / 2) * height,
        width: $0.width * width, height: $0.height * height)
    }
  }

  /// The objects that are left in a picture, with their labels and attributes, in fractions of it.
  fileprivate func following(_ picture: MarkedPicture) -> ObjectTargets {
    let (width, height) = (Float(picture.image.width), Float(picture.image.height))
    return ObjectTargets(
      labels: picture.objects.map { labels[$0] },
      boxes: picture.boxes.map {
        Box(
          centerX: ($0.x + $0.width / 2) / width, centerY: ($0.y + $0.height / 2) / height,
          width: $0.width / width, height: $0.height / height)
      },
      attributes: picture.objects.map { attributes[$0] })
  }
}
