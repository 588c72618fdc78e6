/// How a packed product is cut for several threads.
///
/// An element's bits do not depend on the cut: every element is summed in the same order.
struct ProductCut {
  let rows: Int
  let columns: Int
  let inner: Int
  /// Multiply-adds that take as long as one in 32-bit floats.
  var work = 1

  /// Multiply-adds of the whole product.
  var operations: Int { rows * columns * inner }
  var panels: Int { (columns + PackedPanels.width - 1) / PackedPanels.width }

  /// Parts along rows and panels.
  ///
  /// Few rows are cut by runs of panels, so that each thread streams its own part of the matrix
  /// once; many rows by rows, so that each thread reads its own part of the left factor.
  var parts: (rows: Int, panels: Int) {
    let wanted = min(16, operations / (work * Self.operationsPerPart))
    guard wanted > 1 else { return (1, 1) }
    if rows >= 48 * wanted && rows > columns { return (wanted, 1) }
    // A run of panels is read ahead of its use.
    if rows <= 192 { return (1, min(panels, wanted, 2 * Parallel.threads)) }
    let across = min(panels, wanted)
    return (min(max(1, rows / 24), (wanted + across - 1) / across), across)
  }

  /// Multiply-adds worth a piece of their own: about 10 us.
  private static let operationsPerPart = 1_000_000

  /// Runs `body` for the rows and panels of every piece.
  func forEach(_ body: (_ rows: Range<Int>, _ panels: Range<Int>) -> Void) {
    let parts = parts
    Parallel.forEach(parts.rows * parts.panels) { piece in
      let (row, panel) = (piece / parts.panels, piece % parts.panels)
      body(
        row * rows / parts.rows..<(row + 1) * rows / parts.rows,
        panel * panels / parts.panels..<(panel + 1) * panels / parts.panels)
    }
  }
}
