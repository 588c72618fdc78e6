extension Figure {
  /// The figure as a picture.
  ///
  /// - Parameter scale: pixels of a unit.
  package func image(scale: Int = 2) -> Image {
    let factor = Double(scale)
    func pixels(_ length: Double) -> Int { Int((length * factor).rounded()) }
    var canvas = Canvas(width: max(1, pixels(width)), height: max(1, pixels(height)))
    for mark in marks {
      switch mark {
      case .area(let x, let y, let width, let height, let colour):
        let (left, top) = (pixels(x), pixels(y))
        canvas.fill(
          PixelRectangle(
            x: left, y: top, width: max(1, pixels(x + width) - left),
            height: max(1, pixels(y + height) - top)), colour)
      case .line(let points, let width, let colour):
        canvas.stroke(
          points.map { Point($0.x * factor, $0.y * factor) }, width: width * factor, colour)
      case .text(let text, let place, let size, let anchor, let colour):
        let cell = max(1, pixels(size))
        let glyphs = BitmapFont.glyphs(of: text)
        let width = BitmapFont.width(of: glyphs) * cell
        let left =
          switch anchor {
          case .start: pixels(place.x)
          case .middle: pixels(place.x) - width / 2
          case .end: pixels(place.x) - width
          }
        let rowsAboveTheBaseLine = 7
        canvas.write(
          glyphs, x: left, y: pixels(place.y) - rowsAboveTheBaseLine * cell, scale: cell, colour)
      }
    }
    return canvas.image
  }
}

extension Canvas {
  /// Draws a line through points with round joints and soft edges.
  fileprivate mutating func stroke(_ points: [Figure.Point], width: Double, _ colour: Colour) {
    guard let frame = Frame(points, margin: width, within: self) else { return }
    // The largest coverage of all pieces counts, so that joints are not drawn twice.
    var coverage = [Float](repeating: 0, count: frame.width * frame.height)
    if points.count == 1 { frame.cover(&coverage, from: points[0], to: points[0], width: width) }
    for (start, end) in zip(points, points.dropFirst()) {
      frame.cover(&coverage, from: start, to: end, width: width)
    }
    for row in 0..<frame.height {
      for column in 0..<frame.width where coverage[row * frame.width + column] > 0 {
        blend(
          x: frame.left + column, y: frame.top + row, colour,
          share: coverage[row * frame.width + column])
      }
    }
  }
}

/// The part of a canvas that a line can reach.
private struct Frame {
  let left: Int
  let top: Int
  let width: Int
  let height: Int

  init?(_ points: [Figure.Point], margin: Double, within canvas: Canvas) {
    guard points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }), let first = points.first else {
      return nil
    }
    func range(_ place: KeyPath<Figure.Point, Double>, limit: Int) -> (start: Int, count: Int) {
      var (least, most) = (first[keyPath: place], first[keyPath: place])
      for point in points {
        least = min(least, point[keyPath: place])
        most = max(most, point[keyPath: place])
      }
      let start = Int(max(0, min(Double(limit), least - margin - 1)))
      let end = Int(max(0, min(Double(limit), most + margin + 2)))
      return (start, max(0, end - start))
    }
    (left, width) = range(\.x, limit: canvas.width)
    (top, height) = range(\.y, limit: canvas.height)
    guard width > 0, height > 0 else { return nil }
  }

  /// Raises the coverage of the pixels near a piece of a line.
  func cover(
    _ coverage: inout [Float], from start: Figure.Point, to end: Figure.Point, width line: Double
  ) {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let square = dx * dx + dy * dy
    let reach = line / 2 + 1
    let columns = places(start.x, end.x, reach: reach, first: left, count: width)
    let rows = places(start.y, end.y, reach: reach, first: top, count: height)
    for row in rows {
      let y = Double(top + row) + 0.5 - start.y
      for column in columns {
        let x = Double(left + column) + 0.5 - start.x
        let along = square > 0 ? max(0, min(1, (x * dx + y * dy) / square)) : 0
        let (awayX, awayY) = (x - along * dx, y - along * dy)
        let distance = (awayX * awayX + awayY * awayY).squareRoot()
        let share = Float(max(0, min(1, line / 2 + 0.5 - distance)))
        let place = row * width + column
        if share > coverage[place] { coverage[place] = share }
      }
    }
  }

  private func places(
    _ a: Double, _ b: Double, reach: Double, first: Int, count: Int
  ) -> Range<Int> {
    let start = max(0, min(Double(count), (min(a, b) - reach).rounded(.down) - Double(first)))
    let end = max(start, min(Double(count), (max(a, b) + reach).rounded(.up) - Double(first)))
    return Int(start)..<Int(end)
  }
}
