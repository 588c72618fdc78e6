import Inputs

/// Samples and answers to them side by side in one picture.
enum SampleSheet {
  private static let gap = 12
  private static let columns = 2

  /// The sheet of some tiles, two in a row, under a title.
  static func image(_ tiles: [SampleTile], title: String) -> Image {
    let halves = tiles.map(\.halves.count).max() ?? 1
    let tileWidth = halves * SampleTile.side + (halves - 1) * gap
    let across = max(1, min(columns, tiles.count))
    let width = across * tileWidth + (across - 1) * 3 * gap + 2 * gap
    let header = TextBlock([.init(text: title, limit: 1)], width: width - 2 * gap)
    let rows = stride(from: 0, to: tiles.count, by: columns).map {
      Array(tiles[$0..<min($0 + columns, tiles.count)])
    }
    let heights = rows.map { row in row.flatMap(\.halves).map(height).max() ?? 0 }
    let total = heights.reduce(2 * gap + header.height) { $0 + $1 + 2 * gap }
    var canvas = Canvas(width: width, height: total)
    header.draw(on: &canvas, x: gap, y: gap)
    var y = 2 * gap + header.height
    for (row, height) in zip(rows, heights) {
      for (column, tile) in row.enumerated() {
        let x = gap + column * (tileWidth + 3 * gap)
        for (place, half) in tile.halves.enumerated() {
          let left = x + place * (SampleTile.side + gap)
          if let picture = half.picture { canvas.put(picture, x: left, y: y) }
          half.text.draw(on: &canvas, x: left, y: y + (half.picture.map { $0.height + 8 } ?? 0))
        }
      }
      y += height + 2 * gap
    }
    return canvas.image
  }

  private static func height(_ half: (picture: Image?, text: TextBlock)) -> Int {
    (half.picture.map { $0.height + 8 } ?? 0) + half.text.height
  }
}
