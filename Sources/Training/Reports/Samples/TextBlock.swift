import Inputs

/// Lines of text below one another, broken to a width, in the built-in font.
struct TextBlock {
  /// A piece of text that begins a new line.
  struct Piece {
    /// The text.
    var text: String
    /// Its colour.
    var colour = TextBlock.ink
    /// The most lines that it may take; what is left over ends in dots.
    var limit = 4
    /// A share in 0...1 that is shown as a bar behind the text's line; nil for none.
    var bar: Double?
    /// Empty pixels above it.
    var gap = 0
  }

  /// Colour of plain text.
  static let ink = Colour(0x1F_2328)
  /// Colour of text of lesser weight.
  static let faint = Colour(0x59_636E)
  /// Colour of what is right.
  static let right = Colour(0x1A_7F37)
  /// Colour of what is wrong.
  static let wrong = Colour(0xB3_1D28)

  private static let scale = 2
  private static let lineHeight = (BitmapFont.height + 3) * scale
  private static let barColour = Colour(0xD0_E2F7)

  /// The lines to draw.
  private let lines: [Piece]
  /// Width in pixels.
  let width: Int

  /// Texts broken to a width in pixels.
  init(_ pieces: [Piece], width: Int) {
    self.width = width
    lines = pieces.flatMap { piece in
      let lines = Self.broken(piece.text, width: width / Self.scale, limit: piece.limit)
      return lines.enumerated().map { place, line in
        var part = piece
        part.text = line
        if place > 0 { part.gap = 0 }
        return part
      }
    }
  }

  /// Height in pixels.
  var height: Int { lines.reduce(0) { $0 + $1.gap + Self.lineHeight } }

  /// Draws the lines from the upper left corner (x, y).
  func draw(on canvas: inout Canvas, x: Int, y: Int) {
    var top = y
    for line in lines {
      top += line.gap
      if let bar = line.bar, bar.isFinite {
        let extent = Int(Double(width) * max(0, min(1, bar)))
        canvas.fill(
          PixelRectangle(x: x, y: top - 2, width: extent, height: Self.lineHeight - 4),
          Self.barColour)
      }
      canvas.write(
        BitmapFont.glyphs(of: line.text), x: x, y: top, scale: Self.scale, line.colour)
      top += Self.lineHeight
    }
  }

  /// A text in lines of at most `width` cells of the font.
  static func broken(_ text: String, width: Int, limit: Int) -> [String] {
    func fits(_ line: String) -> Bool { BitmapFont.width(of: BitmapFont.glyphs(of: line)) <= width }
    var lines: [String] = []
    var line = ""
    for word in text.prefix(1000).split(whereSeparator: \.isWhitespace) {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if fits(longer) {
        line = longer
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = String(word)
      // A word that is longer than a line is cut where the line ends.
      while !fits(line) {
        let count = line.indices.last { fits(String(line[..<$0])) } ?? line.startIndex
        let end = count > line.startIndex ? count : line.index(after: line.startIndex)
        lines.append(String(line[..<end]))
        line = String(line[end...])
      }
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    guard lines.count > limit else { return lines }
    var last = lines[limit - 1]
    while !last.isEmpty, !fits(last + "...") { last.removeLast() }
    return Array(lines[..<(limit - 1)]) + [last + "..."]
  }
}
