import Foundation
import Inputs

/// The photograph behind a scene, or a texture.
struct SceneBackground {
  let image: Image
  private let number: Int

  /// A random part of one of the photographs, flipped and changed in its colours at random, or a
  /// texture.
  init(
    _ photographs: [Image], _ layout: SceneRecipe.Layout, size: ImageSize,
    _ random: inout RandomStream
  ) {
    number = random.integer(below: photographs.count)
    // Nothing is drawn for what a recipe does not ask for, so that older recipes keep their bytes.
    if layout.textures > 0, random.chance(Float(layout.textures)) {
      image = SceneTexture(&random).image(size)
      return
    }
    let photograph = photographs[number]
    let part = photograph.size.largest(like: size, times: random.uniform(Float(layout.crop)...1))
    let left = random.integer(0...photograph.width - part.width)
    let top = random.integer(0...photograph.height - part.height)
    let cropped = photograph.part(x: left, y: top, part)
    let resized = cropped.resized(width: size.width, height: size.height)
    let toned = resized.toned(isFlipped: random.chance(0.5), &random)
    let isRecoloured = layout.recoloured > 0 && random.chance(Float(layout.recoloured))
    image = isRecoloured ? toned.recoloured(&random) : toned
  }

  /// A piece of another photograph (of the same where there is one only) with a smooth outline.
  func patch(of photographs: [Image], _ random: inout RandomStream) -> SceneLayer {
    let size = min(image.width, image.height)
    let other = (number + random.integer(0...max(0, photographs.count - 2)) + 1) % photographs.count
    let photograph = photographs[other]
    let radius = Float(size) * random.uniform(0.07...0.2)
    let waves = (2...5).map { wave in
      (Float(wave), random.uniform(0...0.35) / Float(wave), random.uniform(0...(2 * Float.pi)))
    }
    let reach = Int(radius * 1.6) + 2
    let side = 2 * reach
    let step = min(
      random.uniform(1...2), Float(min(photograph.width, photograph.height) - 1) / Float(side))
    let span = Int(step * Float(side))
    let left = random.integer(0...max(0, photograph.width - span - 1))
    let top = random.integer(0...max(0, photograph.height - span - 1))
    let softness = random.uniform(1...5)
    // The outline in 256 directions.
    let outline = (0..<256).map { direction in
      let angle = (Float(direction) - 128) / 128 * Float.pi
      return radius * waves.reduce(1) { $0 + $1.1 * cos($1.0 * angle + $1.2) }
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: 4 * side * side) { target, filled in
      photograph.pixels.withUnsafeBufferPointer { pixels in
        for y in 0..<side {
          for x in 0..<side {
            let (dx, dy) = (Float(x - reach) + 0.5, Float(y - reach) + 0.5)
            let direction = Int((atan2(dy, dx) / Float.pi + 1) * 128) & 255
            let inside = outline[direction] - (dx * dx + dy * dy).squareRoot()
            let opacity = Int(min(max(inside / softness + 0.5, 0), 1) * 255)
            let column = min(left + Int(Float(x) * step), photograph.width - 1)
            let row = min(top + Int(Float(y) * step), photograph.height - 1)
            let source = 3 * (row * photograph.width + column)
            let place = 4 * (y * side + x)
            for channel in 0..<3 {
              target[place + channel] = UInt8((Int(pixels[source + channel]) * opacity + 127) / 255)
            }
            target[place + 3] = UInt8(opacity)
          }
        }
      }
      filled = 4 * side * side
    }
    return SceneLayer(width: side, height: side, pixels: pixels)
  }
}

extension Image {
  /// A part that lies inside.
  fileprivate func part(x: Int, y: Int, _ part: ImageSize) -> Image {
    var result: [UInt8] = []
    result.reserveCapacity(3 * part.area)
    for row in y..<y + part.height {
      let start = 3 * (row * width + x)
      result += pixels[start..<start + 3 * part.width]
    }
    return Image(width: part.width, height: part.height, pixels: result)
  }

  /// With its hue turned by any angle.
  fileprivate func recoloured(_ random: inout RandomStream) -> Image {
    let tint = SceneTint(
      saturation: random.uniform(0.3...1.3), hue: random.uniform(-Float.pi...Float.pi))
    let result = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, filled in
      pixels.withUnsafeBufferPointer { pixels in
        for place in stride(from: 0, to: pixels.count, by: 3) {
          let changed = tint(
            SIMD4(
              Int32(pixels[place]), Int32(pixels[place + 1]), Int32(pixels[place + 2]), 255))
          target[place] = UInt8(truncatingIfNeeded: changed.x)
          target[place + 1] = UInt8(truncatingIfNeeded: changed.y)
          target[place + 2] = UInt8(truncatingIfNeeded: changed.z)
        }
      }
      filled = pixels.count
    }
    return Image(width: width, height: height, pixels: result)
  }

  /// With the channels brightened and contrasts changed at random.
  fileprivate func toned(isFlipped: Bool, _ random: inout RandomStream) -> Image {
    let brightness = random.uniform(0.7...1.2)
    let contrast = random.uniform(0.75...1.2)
    let tables = (0..<3).map { _ in
      let factor = brightness * random.uniform(0.93...1.07)
      return (0..<256).map { level in
        UInt8(min(max((Float(level) * factor - 128) * contrast + 128, 0), 255))
      }
    }
    let table = tables[0] + tables[1] + tables[2]
    let result = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, filled in
      pixels.withUnsafeBufferPointer { pixels in
        table.withUnsafeBufferPointer { table in
          for y in 0..<height {
            for x in 0..<width {
              let source = 3 * (y * width + (isFlipped ? width - 1 - x : x))
              let place = 3 * (y * width + x)
              for channel in 0..<3 {
                target[place + channel] = table[256 * channel + Int(pixels[source + channel])]
              }
            }
          }
        }
      }
      filled = pixels.count
    }
    return Image(width: width, height: height, pixels: result)
  }
}

extension ImageSize {
  /// The largest size inside that has the shape of another, times a factor of at most 1.
  fileprivate func largest(like other: ImageSize, times factor: Float) -> ImageSize {
    func scaled(_ side: Int, _ numerator: Int, _ denominator: Int) -> Int {
      max(1, side * numerator / denominator)
    }
    if width * other.height <= height * other.width {
      let across = max(1, Int(Float(width) * factor))
      return ImageSize(width: across, height: scaled(across, other.height, other.width))
    }
    let down = max(1, Int(Float(height) * factor))
    return ImageSize(width: scaled(down, other.width, other.height), height: down)
  }
}
