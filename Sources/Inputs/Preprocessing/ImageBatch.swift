import Tensors

/// Pictures of different sizes as one tensor, filled up with zeros at the right and the bottom.
public struct ImageBatch: Sendable {
  /// Normalised pixels as `[batch, 3, height, width]`, zero outside the pictures; `[batch, 3, 0, 0]`
  /// where nobody needs them because the pictures' features are known.
  public let pixels: Tensor
  /// Whether a pixel belongs to its picture, as `[batch, height, width]`, row-major.
  public let mask: [Bool]
  /// Width and height of every picture inside the tensor.
  public let sizes: [ImageSize]

  /// Number of pictures.
  public var count: Int { sizes.count }
  /// Rows of the tensor: those of the highest picture.
  public let height: Int
  /// Columns of the tensor: those of the widest picture.
  public let width: Int

  /// Puts pictures of shape `[3, height, width]` one behind the other, in a tensor that is not
  /// smaller than `least`.
  public init(_ images: [Tensor], atLeast least: ImageSize? = nil) {
    precondition(!images.isEmpty, "a batch needs at least one picture")
    for image in images {
      precondition(
        image.rank == 3 && image.shape[0] == 3,
        "a picture of shape \(image.shape) in a batch of pictures of shape [3, height, width]")
    }
    let sizes = images.map { ImageSize(width: $0.shape[2], height: $0.shape[1]) }
    let height = max(sizes.map(\.height).max() ?? 0, least?.height ?? 0)
    let width = max(sizes.map(\.width).max() ?? 0, least?.width ?? 0)
    self.sizes = sizes
    (self.height, self.width) = (height, width)
    if images.count == 1, sizes[0] == ImageSize(width: width, height: height) {
      pixels = images[0].reshaped([1, 3, height, width])
      mask = [Bool](repeating: true, count: height * width)
      return
    }
    mask = Self.mask(of: sizes, height: height, width: width)
    pixels = Tensor(shape: [images.count, 3, height, width]) { destination in
      destination.update(repeating: 0, count: images.count * 3 * height * width)
      for (index, image) in images.enumerated() {
        let size = sizes[index]
        image.withPointer { source in
          for row in 0..<3 * size.height {
            let (channel, y) = row.quotientAndRemainder(dividingBy: size.height)
            (destination + ((index * 3 + channel) * height + y) * width)
              .update(from: source + row * size.width, count: size.width)
          }
        }
      }
    }
  }

  /// Pictures of which only the extent is wanted, because their features are known.
  ///
  /// - Parameters:
  ///   - sizes: width and height of every picture inside the extent.
  ///   - extent: that of the batch.
  public init(sizes: [ImageSize], extent: ImageSize) {
    self.sizes = sizes
    (height, width) = (extent.height, extent.width)
    mask = Self.mask(of: sizes, height: extent.height, width: extent.width)
    pixels = .zeros([sizes.count, 3, 0, 0])
  }

  private static func mask(of sizes: [ImageSize], height: Int, width: Int) -> [Bool] {
    var mask = [Bool](repeating: false, count: sizes.count * height * width)
    for (index, size) in sizes.enumerated() {
      for y in 0..<size.height {
        let start = (index * height + y) * width
        mask.replaceSubrange(
          start..<start + size.width, with: repeatElement(true, count: size.width))
      }
    }
    return mask
  }

  /// A batch that was put together elsewhere.
  ///
  /// - Parameters:
  ///   - pixels: normalised pixels, `[batch, 3, height, width]`.
  ///   - mask: whether a pixel belongs to its picture, `[batch, height, width]`.
  public init(pixels: Tensor, mask: [Bool]) {
    precondition(
      pixels.rank == 4 && pixels.shape[1] == 3 && mask.count * 3 == pixels.count,
      "pixels of shape \(pixels.shape) with \(mask.count) flags")
    let (height, width) = (pixels.shape[2], pixels.shape[3])
    self.pixels = pixels
    self.mask = mask
    (self.height, self.width) = (height, width)
    sizes = (0..<pixels.shape[0]).map { picture in
      let start = picture * height * width
      return ImageSize(
        width: (0..<width).count { mask[start + $0] },
        height: (0..<height).count { mask[start + $0 * width] })
    }
  }
}

extension Preprocessing {
  /// Puts preprocessed pictures, `[3, height, width]` each, into one batch.
  public static func batch(_ images: [Tensor]) -> ImageBatch { ImageBatch(images) }
}
