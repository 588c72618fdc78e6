/// A box with a label, to be drawn on a picture.
public struct Annotation: Sendable, Hashable {
  /// Left edge in pixels of the picture.
  public var x: Float
  /// Upper edge in pixels.
  public var y: Float
  /// Extent to the right in pixels.
  public var width: Float
  /// Extent downwards in pixels.
  public var height: Float
  /// One line of text; without any, only the box is drawn.
  public var label: String
  /// Boxes of one index have one colour; there are 16, then they repeat.
  public var colorIndex: Int

  /// A box by its upper left corner and extent, with a label.
  public init(
    x: Float, y: Float, width: Float, height: Float, label: String, colorIndex: Int = 0
  ) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.label = label
    self.colorIndex = colorIndex
  }
}

extension Image {
  /// The picture with boxes and labels drawn on it.
  ///
  /// Lines and letters grow with the picture; a picture of less than 384 pixels is first enlarged
  /// by a whole factor, so that labels can be read. Labels are black or white on the box's colour,
  /// stay inside the picture and keep clear of one another as far as there is room. Boxes are cut
  /// off at the edges; one that is not finite or lies outside is left out. The result has no alpha.
  public func annotated(_ annotations: [Annotation]) -> Image {
    let longest = max(width, height)
    let factor = max(1, (384 + longest - 1) / longest)
    var canvas = Canvas(self, enlargedBy: factor)
    let shown = annotations.compactMap { annotation in
      canvas.rectangle(of: annotation, enlargedBy: factor).map { (annotation, $0) }
    }
    let short = min(canvas.width, canvas.height)
    let line = max(2, short / 200)
    let edge = max(1, line / 3)
    for (annotation, box) in shown {
      let colour = Colour.ofIndex(annotation.colorIndex)
      // A thin edge of the opposite lightness on both sides sets the line off from an object of
      // its own colour.
      canvas.outline(box.inset(by: -edge), line: line + 2 * edge, colour.readableText)
      canvas.outline(box, line: line, colour)
    }
    var placement = LabelPlacement(
      width: canvas.width, height: canvas.height, boxes: shown.map { $0.1 })
    for (index, (annotation, _)) in shown.enumerated() where !annotation.label.isEmpty {
      let colour = Colour.ofIndex(annotation.colorIndex)
      let label = canvas.fitted(annotation.label, scale: max(2, (short + 150) / 300))
      let padding = 2 * label.scale
      let place = placement.place(
        labelWidth: label.width + 2 * padding,
        labelHeight: BitmapFont.height * label.scale + 2 * label.scale, at: index)
      canvas.fill(place, colour)
      canvas.write(
        label.glyphs, x: place.x + padding, y: place.y + padding, scale: label.scale,
        colour.readableText)
    }
    return canvas.image
  }
}

extension Canvas {
  /// The box in whole pixels of the canvas, cut off at its edges; nil where nothing is left.
  fileprivate func rectangle(
    of annotation: Annotation, enlargedBy factor: Int
  ) -> PixelRectangle? {
    let edges = [
      annotation.x, annotation.y, annotation.x + annotation.width,
      annotation.y + annotation.height,
    ]
    guard edges.allSatisfy(\.isFinite) else { return nil }
    func pixel(_ edge: Float, limit: Int) -> Int {
      Int(max(0, min((edge * Float(factor)).rounded(), Float(limit))))
    }
    let left = pixel(edges[0], limit: width)
    let top = pixel(edges[1], limit: height)
    let right = pixel(edges[2], limit: width)
    let bottom = pixel(edges[3], limit: height)
    guard left < right, top < bottom else { return nil }
    return PixelRectangle(x: left, y: top, width: right - left, height: bottom - top)
  }

  /// The label's glyphs at the largest scale, up to `scale`, that fits across; what is still too
  /// long ends with dots.
  fileprivate func fitted(
    _ label: String, scale: Int
  ) -> (glyphs: [BitmapFont.Glyph], scale: Int, width: Int) {
    let glyphs = BitmapFont.glyphs(of: String(label.prefix(200)))
    let columns = BitmapFont.width(of: glyphs) + 4
    let scale = max(1, min(scale, width / columns))
    if columns * scale <= width {
      return (glyphs, scale, (columns - 4) * scale)
    }
    let dots = BitmapFont.glyphs(of: "...")
    var kept = glyphs
    while !kept.isEmpty, BitmapFont.width(of: kept + dots) + 4 > width { kept.removeLast() }
    return (kept + dots, 1, BitmapFont.width(of: kept + dots))
  }
}
