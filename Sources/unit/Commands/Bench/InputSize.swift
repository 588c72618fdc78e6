import ArgumentParser
import Inputs
import Tensors

/// Height and width of a network's input.
struct InputSize: Equatable {
  let height: Int
  let width: Int

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// Reads `480x640`.
  ///
  /// - Throws: `ValidationError` for anything else, or beyond 8192 pixels.
  init(_ text: String) throws {
    let numbers = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
      .map { Int($0) ?? 0 }
    guard numbers.count == 2, numbers.allSatisfy({ (32...8192).contains($0) }) else {
      throw ValidationError("expected HEIGHTxWIDTH of 32 to 8192 pixels each, such as 480x640")
    }
    self.init(height: numbers[0], width: numbers[1])
  }

  /// Random pixels of `batch` pictures without padding.
  func pictures(_ batch: Int, seed: UInt64) -> ImageBatch {
    let key = RandomKey(seed: seed).folding("bench")
    return ImageBatch(
      pixels: Tensor(
        (0..<batch * 3 * height * width).map { key.uniform(at: UInt64($0)) },
        shape: [batch, 3, height, width]),
      mask: [Bool](repeating: true, count: batch * height * width))
  }

  /// A picture of this size with soft shapes in it.
  var picture: Image {
    var pixels = [UInt8]()
    pixels.reserveCapacity(3 * width * height)
    for y in 0..<height {
      for x in 0..<width {
        pixels.append(UInt8(truncatingIfNeeded: 64 + x * 128 / width))
        pixels.append(UInt8(truncatingIfNeeded: 64 + y * 128 / height))
        pixels.append(UInt8(truncatingIfNeeded: (x / 40 + y / 40) % 2 * 120 + 60))
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }
}
