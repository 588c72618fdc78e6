import Foundation
import Inputs

/// A background that is computed: three colours that pass into one another along a field.
struct SceneTexture {
  /// Where which of the colours is, before grain is added.
  fileprivate enum Field {
    /// Along a direction, once or in stripes.
    case line(direction: Float, waves: Float)
    /// Around a place, in parts of the sides.
    case rings(x: Float, y: Float, waves: Float)
    /// Smooth noise in several fineness levels: the values of a lattice for each.
    case clouds([Lattice])
  }

  fileprivate struct Lattice {
    let side: Int
    let weight: Float
    let values: [Float]
  }

  private let field: Field
  /// Red, green and blue of the levels 0...255, one after the other.
  private let ramp: [UInt8]
  private let grain: Int32
  private let seed: UInt32

  /// Draws a texture.
  init(_ random: inout RandomStream) {
    let colours = (0..<3).map { _ in (0..<3).map { _ in random.uniform(0...255) } }
    ramp = (0..<256).flatMap { level -> [UInt8] in
      let (first, second) = level < 128 ? (colours[0], colours[1]) : (colours[1], colours[2])
      let share = Float(level % 128) / 128
      return (0..<3).map { UInt8(first[$0] + (second[$0] - first[$0]) * share) }
    }
    let waves = random.chance(0.5) ? 0.5 : random.uniform(1...12)
    switch random.integer(below: 4) {
    case 0: field = .line(direction: random.uniform(-Float.pi...Float.pi), waves: waves)
    case 1:
      field = .rings(x: random.uniform(), y: random.uniform(), waves: waves)
    default:
      let coarsest = random.integer(1...3)
      let roughness = random.uniform(0.35...0.75)
      field = .clouds(
        (0..<4).map { octave in
          let side = (2 << (coarsest + octave)) + 1
          return Lattice(
            side: side, weight: pow(roughness, Float(octave)),
            values: (0..<side * side).map { _ in random.uniform() })
        })
    }
    grain = random.chance(0.5) ? 0 : Int32(random.integer(2...28))
    seed = UInt32(random.integer(below: 1 << 30))
  }

  /// A picture of it.
  func image(_ size: ImageSize) -> Image {
    var state = seed | 1
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * size.area) { target, filled in
      for y in 0..<size.height {
        for x in 0..<size.width {
          let level = level(
            (Float(x) + 0.5) / Float(size.width), (Float(y) + 0.5) / Float(size.height))
          // A linear congruential generator: grain needs no better one.
          state = state &* 1_664_525 &+ 1_013_904_223
          let speck = grain == 0 ? 0 : Int32(state >> 16) % (2 * grain + 1) - grain
          for channel in 0..<3 {
            let value = Int32(ramp[3 * level + channel]) + speck
            target[3 * (y * size.width + x) + channel] = UInt8(clamping: value)
          }
        }
      }
      filled = 3 * size.area
    }
    return Image(width: size.width, height: size.height, pixels: pixels)
  }

  /// 0...255 at a place in parts of the sides.
  private func level(_ x: Float, _ y: Float) -> Int {
    switch field {
    case .line(let direction, let waves):
      let along = (x - 0.5) * cos(direction) + (y - 0.5) * sin(direction)
      return Int(127.5 + 127.5 * sin(2 * Float.pi * waves * along))
    case .rings(let centreX, let centreY, let waves):
      let (dx, dy) = (x - centreX, y - centreY)
      return Int(127.5 + 127.5 * cos(2 * Float.pi * waves * (dx * dx + dy * dy).squareRoot()))
    case .clouds(let lattices):
      var (sum, weights) = (Float(0), Float(0))
      for lattice in lattices {
        sum += lattice.weight * lattice[x, y]
        weights += lattice.weight
      }
      // The mean of many numbers is near the middle; stretched, all colours are seen.
      return Int(min(max((sum / weights - 0.5) * 1.8 + 0.5, 0), 0.999) * 256)
    }
  }
}

extension SceneTexture.Lattice {
  /// The value at a place in parts of the sides, mixed of the four around it.
  fileprivate subscript(x: Float, y: Float) -> Float {
    let (column, row) = (x * Float(side - 1), y * Float(side - 1))
    let (left, upper) = (Int(column), Int(row))
    let (right, below) = (column - Float(left), row - Float(upper))
    let start = upper * side + left
    let first = values[start] + (values[start + 1] - values[start]) * right
    let next = start + side
    let second = values[next] + (values[next + 1] - values[next]) * right
    return first + (second - first) * below
  }
}
