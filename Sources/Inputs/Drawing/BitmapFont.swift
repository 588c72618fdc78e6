import Foundation

/// The built-in font of labels: the printable ASCII characters, five columns wide, seven rows above
/// the base line and two below it, drawn for this project.
package enum BitmapFont {
  /// Rows of a glyph.
  package static let height = 9
  private static let width = 5
  private static let spaceWidth = 3

  /// A character's picture without empty columns at its sides.
  package struct Glyph {
    /// Columns with ink.
    let width: Int
    /// Filled cells as (column, row).
    let cells: [(column: Int, row: Int)]
  }

  /// The nine rows of every character from the space to the tilde, a digit to the base of 32 each:
  /// bit 4 is the left column.
  private static let rows = """
    000000000 444440400 aaa000000 aavavaa00 4fke5u400 pp248jj00 ciiclid00 444000000
    248884200 842224800 04lel4000 044v44000 000006480 000u00000 00000cc00 122488g00
    ehjlphe00 4c4444e00 eh168gv00 v2421he00 26aiv2200 vgu11he00 68guhhe00 v12448800
    ehhehhe00 ehhf12c00 0cc0cc000 0cc0c4800 248g84200 00u0u0000 g84248g00 eh1640400
    ehnlnge00 ehhvhhh00 uhhuhhu00 ehggghe00 sihhhis00 vgguggv00 vgguggg00 ehgnhhf00
    hhhvhhh00 e44444e00 72222ic00 hikokih00 ggggggv00 hrllhhh00 hppljjh00 ehhhhhe00
    uhhuggg00 ehhhlid00 uhhukih00 fgge11u00 v44444400 hhhhhhe00 hhhhha400 hhhllrh00
    hha4ahh00 hha444400 v1248gv00 e88888e00 g88422100 e22222e00 4ah000000 0000000v0
    842000000 00e1fhf00 gguhhhu00 00eggge00 11fhhhf00 00ehvge00 68u888800 00fhhhf1e
    gguhhhh00 40c444e00 2062222ic ggikoki00 c44444600 00ullll00 00uhhhh00 00ehhhe00
    00uhhhugg 00fhhhf11 00moggg00 00fge1u00 88u888600 00hhhhf00 00hhha400 00hhlla00
    00ha4ah00 00hhhhf1e 00v248v00 344844300 444444440 o44244o00 009li0000
    """

  private static let glyphs: [Glyph] = rows.split(whereSeparator: \.isWhitespace).map { glyph in
    let masks = glyph.map { $0.wholeNumberValue ?? Int(String($0), radix: 32) ?? 0 }
    let ink = masks.reduce(0, |)
    guard ink != 0 else { return Glyph(width: spaceWidth, cells: []) }
    let filled = (0..<width).filter { ink >> (width - 1 - $0) & 1 == 1 }
    let first = filled.first ?? 0
    var cells: [(column: Int, row: Int)] = []
    for (row, mask) in masks.enumerated() {
      for column in filled where mask >> (width - 1 - column) & 1 == 1 {
        cells.append((column - first, row))
      }
    }
    return Glyph(width: (filled.last ?? 0) - first + 1, cells: cells)
  }

  /// The glyphs of a text. Accented letters lose their accents, tabs and line ends become spaces,
  /// and what the font does not have becomes a question mark.
  package static func glyphs(of text: String) -> [Glyph] {
    text.map { character in
      if character.isWhitespace { return glyphs[0] }
      let base = String(character).decomposedStringWithCanonicalMapping.unicodeScalars.first
      let value = Int(base?.value ?? 0x3f)
      return glyphs[((0x20...0x7e).contains(value) ? value : 0x3f) - 0x20]
    }
  }

  /// Columns of a text at scale 1, with one empty column between characters.
  package static func width(of glyphs: [Glyph]) -> Int {
    glyphs.reduce(0) { $0 + $1.width + 1 } - (glyphs.isEmpty ? 0 : 1)
  }
}
