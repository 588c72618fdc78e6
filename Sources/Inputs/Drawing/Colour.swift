import Foundation

/// An opaque colour of the drawing code, 8 bits a channel in sRGB.
package struct Colour: Sendable, Equatable {
  package let red: UInt8
  package let green: UInt8
  package let blue: UInt8

  package static let black = Colour(red: 0, green: 0, blue: 0)
  package static let white = Colour(red: 255, green: 255, blue: 255)

  /// A colour of three channels.
  package init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour as `0xRRGGBB`.
  package init(_ code: Int) {
    self.init(
      red: UInt8(code >> 16 & 255), green: UInt8(code >> 8 & 255), blue: UInt8(code & 255))
  }

  /// Colours that neighbours in the list tell apart; an index past the end starts over.
  package static func ofIndex(_ index: Int) -> Colour {
    let codes = [
      0xe6_194b, 0x3c_b44b, 0x43_63d8, 0xff_b000, 0x91_1eb4, 0x42_d4f4, 0xf0_32e6, 0xbf_ef45,
      0x00_8080, 0xf5_8231, 0x80_0000, 0x80_8000, 0x00_0075, 0xfa_bed4, 0x9a_6324, 0xaa_ffc3,
    ]
    let position = index % codes.count
    return Colour(codes[position < 0 ? position + codes.count : position])
  }

  /// Relative luminance in 0...1 as WCAG 2.1 defines it.
  package var luminance: Double {
    func linear(_ channel: UInt8) -> Double {
      let value = Double(channel) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// Black or white, whichever has the larger contrast ratio (WCAG 2.1) to this colour.
  package var readableText: Colour {
    (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? .black : .white
  }

  /// The colour mixed with white; a share of 1 is the colour itself.
  package func tint(_ share: Double) -> Colour {
    func mixed(_ channel: UInt8) -> UInt8 {
      UInt8((255 - share * (255 - Double(channel))).rounded())
    }
    return Colour(red: mixed(red), green: mixed(green), blue: mixed(blue))
  }
}
