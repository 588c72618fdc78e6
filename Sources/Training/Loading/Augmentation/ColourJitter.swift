import Inputs
import Tensors

/// Random changes of brightness, contrast, saturation and hue, in a random order.
///
/// torchvision's `ColorJitter` on Pillow's pictures, to the byte: `ImageEnhance` blends with black,
/// with the mean grey and with the grey picture; the hue is turned in Pillow's 8-bit HSV.
public struct ColourJitter: Sendable, Equatable, Codable {
  /// Factors of the brightness; 1 changes nothing.
  public var brightness: ClosedRange<Double>
  /// Factors of the contrast; 1 changes nothing.
  public var contrast: ClosedRange<Double>
  /// Factors of the saturation; 0 is grey, 1 changes nothing.
  public var saturation: ClosedRange<Double>
  /// Turns of the hue, -0.5 to 0.5 of a whole one; 0 changes nothing.
  public var hue: ClosedRange<Double>
  /// Whether colours are changed although the task's labels name some.
  public var evenNamed: Bool

  /// Random colours; nothing changes by default.
  public init(
    brightness: ClosedRange<Double> = 1...1, contrast: ClosedRange<Double> = 1...1,
    saturation: ClosedRange<Double> = 1...1, hue: ClosedRange<Double> = 0...0,
    evenNamed: Bool = false
  ) {
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.hue = hue
    self.evenNamed = evenNamed
  }

  /// One of the four changes.
  enum Change: Equatable {
    case brightness(Float), contrast(Float), saturation(Float)
    /// Steps of 1/255 turn.
    case hue(UInt8)
  }

  /// The changes of a key, in order; those that change nothing are left out.
  func changes(key: RandomKey) -> [Change] {
    func drawn(_ range: ClosedRange<Double>, _ word: UInt64) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double(key.uniform(at: word))
    }
    let turn = Int(drawn(hue, 3) * 255)
    let all: [Change?] = [
      brightness == 1...1 ? nil : .brightness(Float(drawn(brightness, 0))),
      contrast == 1...1 ? nil : .contrast(Float(drawn(contrast, 1))),
      saturation == 1...1 ? nil : .saturation(Float(drawn(saturation, 2))),
      turn == 0 ? nil : .hue(UInt8(truncatingIfNeeded: turn)),
    ]
    return key.folding("order").permutation(4).compactMap { all[$0] }
  }

  /// The picture in random colours; the same key gives the same bytes.
  func callAsFunction(_ image: Image, key: RandomKey) -> Image {
    let changes = changes(key: key)
    return changes.isEmpty ? image : image.recoloured(changes)
  }
}
