/// The names of colours that objects get.
public enum SceneColour: String, Sendable, CaseIterable, Codable {
  case red, orange, yellow, green, blue, purple, pink, brown, black, white, gray

  /// The name of one colour, from its hue, its chroma and its brightness in 0...255.
  static func named(red: Int, green: Int, blue: Int) -> SceneColour {
    let high = max(red, green, blue)
    let chroma = high - min(red, green, blue)
    if high < 46 { return .black }
    // Dark colours look grey with more chroma than bright ones do.
    if chroma * 100 < high * 13 || chroma < (high < 96 ? 30 : 18) {
      return high > 198 ? .white : high < 68 ? .black : .gray
    }
    let hue = degrees(red, green, blue, high, chroma)
    let saturation = chroma * 100 / high
    switch hue {
    case 12..<42:
      if high < 175 || saturation < 50 { return saturation < 24 && high > 205 ? .white : .brown }
      return .orange
    case 42..<68: return high < 120 ? .brown : saturation < 22 ? .white : .yellow
    case 68..<165: return .green
    case 165..<255: return .blue
    case 255..<292: return .purple
    case 292..<335: return high > 150 ? .pink : .purple
    default:
      if high > 165 && saturation < 58 { return .pink }
      return high < 105 && saturation < 65 ? .brown : .red
    }
  }

  private static func degrees(
    _ red: Int, _ green: Int, _ blue: Int, _ high: Int, _ chroma: Int
  ) -> Int {
    let sixth: Int
    if high == red {
      sixth = 60 * (green - blue) / chroma
    } else if high == green {
      sixth = 120 + 60 * (blue - red) / chroma
    } else {
      sixth = 240 + 60 * (red - green) / chroma
    }
    return (sixth + 360) % 360
  }

  /// A typical tone, 0...255.
  var tone: (red: Float, green: Float, blue: Float) {
    switch self {
    case .red: (200, 25, 30)
    case .orange: (240, 130, 20)
    case .yellow: (235, 210, 30)
    case .green: (45, 150, 50)
    case .blue: (35, 80, 200)
    case .purple: (125, 45, 170)
    case .pink: (245, 130, 180)
    case .brown: (115, 70, 35)
    case .black: (22, 22, 24)
    case .white: (240, 240, 240)
    case .gray: (135, 135, 138)
    }
  }
}

/// How often each name was seen among pixels.
struct ColourCounts {
  private var counts = [Int](repeating: 0, count: SceneColour.allCases.count)
  private var total = 0

  /// Name of every colour of 4 bits a channel, which is all that a name needs.
  private static let table: [UInt8] = (0..<4096).map { code in
    let colour = SceneColour.named(
      red: (code >> 8) * 17, green: (code >> 4 & 15) * 17, blue: (code & 15) * 17)
    return UInt8(SceneColour.allCases.firstIndex(of: colour) ?? 0)
  }

  mutating func add(red: UInt8, green: UInt8, blue: UInt8) {
    let code = Int(red >> 4) << 8 | Int(green >> 4) << 4 | Int(blue >> 4)
    counts[Int(Self.table[code])] += 1
    total += 1
  }

  /// The one name that describes the object; nil where two or none would do as well.
  var name: SceneColour? {
    let order = counts.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }
    let (first, second) = (counts[order[0]], counts[order[1]])
    guard first * 100 >= total * 42, first * 10 >= second * 16 else { return nil }
    return SceneColour.allCases[order[0]]
  }
}
