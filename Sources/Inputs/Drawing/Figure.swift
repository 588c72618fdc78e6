/// A drawing of lines, areas and texts, from which a picture of pixels and an SVG file are made.
///
/// Lengths are in units that are pixels of the SVG; y grows downwards.
package struct Figure {
  /// Where a text stands to its point.
  package enum Anchor: String {
    case start, middle, end
  }

  /// A place.
  package struct Point: Equatable {
    package var x: Double
    package var y: Double

    /// A place.
    package init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// One thing that is drawn.
  package enum Mark {
    /// A filled rectangle.
    case area(x: Double, y: Double, width: Double, height: Double, Colour)
    /// A line through points, with round joints.
    case line([Point], width: Double, Colour)
    /// A line of text on its base line, its capitals `7 * size` high.
    case text(String, at: Point, size: Double, Anchor, Colour)
  }

  /// Extent to the right.
  package let width: Double
  /// Extent downwards.
  package let height: Double
  /// What is drawn, the lowest first; on white.
  package var marks: [Mark] = []

  /// An empty figure.
  package init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// How wide a text is, at most about.
  package static func width(of text: String, size: Double) -> Double {
    Double(BitmapFont.width(of: BitmapFont.glyphs(of: text))) * size
  }
}
