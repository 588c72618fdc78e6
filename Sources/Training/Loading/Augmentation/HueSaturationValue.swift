/// A colour as Pillow's mode HSV holds it, with its roundings (`rgb2hsv_row` and `hsv2rgb` of
/// Pillow's `Convert.c`).
struct HueSaturationValue: Equatable {
  /// 255 steps around the circle, from red over green and blue.
  var hue: UInt8
  /// From grey to pure.
  let saturation: UInt8
  /// The largest of red, green and blue.
  let value: UInt8

  /// The colour of a pixel.
  init(red: UInt8, green: UInt8, blue: UInt8) {
    let (most, least) = (max(red, green, blue), min(red, green, blue))
    value = most
    guard most > least else {
      (hue, saturation) = (0, 0)
      return
    }
    let range = Float(most - least)
    func distance(_ channel: UInt8) -> Float { Float(most - channel) / range }
    let sector: Float =
      if red == most {
        distance(blue) - distance(green)
      } else if green == most {
        Float(2 + Double(distance(red)) - Double(distance(blue)))
      } else {
        Float(4 + Double(distance(green)) - Double(distance(red)))
      }
    let turned = Float((Double(sector) / 6 + 1).truncatingRemainder(dividingBy: 1))
    hue = UInt8(min(255, max(0, Int(Double(turned) * 255))))
    saturation = UInt8(min(255, max(0, Int(Double(range / Float(most)) * 255))))
  }

  /// Red, green and blue.
  var rgb: (UInt8, UInt8, UInt8) {
    guard saturation > 0 else { return (value, value, value) }
    // The original computes in double precision and keeps the rest and the saturation as floats.
    let place = Double(Float(hue) * 6) / 255
    let sector = Int(place)
    let rest = Float(place - Double(Float(sector)))
    let share = Float(Double(Float(saturation)) / 255)
    func shade(_ factor: Double) -> UInt8 {
      UInt8(min(255, max(0, (Double(Float(value)) * factor).rounded())))
    }
    let low = shade(1 - Double(share))
    let falling = shade(1 - Double(share * rest))
    let rising = shade(1 - Double(share) * (1 - Double(rest)))
    switch sector % 6 {
    case 0: return (value, rising, low)
    case 1: return (falling, value, low)
    case 2: return (low, value, rising)
    case 3: return (low, falling, value)
    case 4: return (rising, low, value)
    default: return (value, low, falling)
    }
  }
}
