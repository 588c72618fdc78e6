import COpenBLAS

/// One factor of a matrix product: where it lies, the distance between its rows, and whether the
/// product uses it transposed.
struct Factor {
  let pointer: UnsafePointer<Float>
  let stride: Int
  let isTransposed: Bool

  init(_ pointer: UnsafePointer<Float>, stride: Int, transposed: Bool = false) {
    self.pointer = pointer
    self.stride = stride
    self.isTransposed = transposed
  }

  /// The factor from a row of the product onwards, for the first factor.
  func fromRow(_ row: Int) -> Factor {
    Factor(pointer + (isTransposed ? row : row * stride), stride: stride, transposed: isTransposed)
  }

  /// The factor from a position of the inner extent onwards, for the second factor.
  func fromInner(_ position: Int) -> Factor {
    Factor(
      pointer + (isTransposed ? position : position * stride), stride: stride,
      transposed: isTransposed)
  }

  /// The factor from a column of the product onwards, for the second factor.
  func fromColumn(_ column: Int) -> Factor {
    Factor(
      pointer + (isTransposed ? column * stride : column), stride: stride,
      transposed: isTransposed)
  }
}

/// The size of one matrix product `[rows, inner] x [inner, columns]`, and how it is cut into
/// pieces. The cut depends on the size alone, so the bits do not depend on the threads.
struct ProductSize {
  let rows: Int
  let columns: Int
  let inner: Int

  /// Multiply-adds of one product.
  var operations: Int { rows * columns * inner }

  /// Extent of a tile; the longer side is cut, because each piece packs the other factor anew.
  private var tile: (rows: Int, columns: Int) {
    let wanted = min(operations / Parallel.operationsWorthThreads, 8)
    guard wanted > 1 else { return (max(rows, 1), max(columns, 1)) }
    let length = max(rows, columns)
    let pieces = max(1, min(wanted, length / 48))
    let extent = ((length + pieces - 1) / pieces + 15) / 16 * 16
    return rows >= columns ? (extent, max(columns, 1)) : (max(rows, 1), extent)
  }

  /// Number of tiles.
  var tiles: Int {
    let tile = tile
    return ((rows + tile.rows - 1) / tile.rows) * ((columns + tile.columns - 1) / tile.columns)
  }

  /// The rows and columns of the result that a tile covers.
  func tile(_ index: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let tile = tile
    let across = (columns + tile.columns - 1) / tile.columns
    let row = index / across * tile.rows
    let column = index % across * tile.columns
    return (row..<min(rows, row + tile.rows), column..<min(columns, column + tile.columns))
  }
}

extension Parallel {
  /// Multiply-adds below which waking a second thread costs more than it saves (about 50 us).
  static let operationsWorthThreads = 3_000_000

  /// Runs `body` for every piece; on this thread alone when all pieces together are not worth more.
  static func forEach(_ pieces: Int, operations: Int, _ body: (Int) -> Void) {
    if operations < operationsWorthThreads {
      for piece in 0..<max(pieces, 0) { body(piece) }
    } else {
      forEach(pieces, body)
    }
  }

  /// Runs `body` for consecutive ranges of `grain` that cover `0..<count`, on several threads where
  /// all together are worth it.
  static func forEachRange(
    _ count: Int, grain: Int, operations: Int, _ body: (Range<Int>) -> Void
  ) {
    forEach((count + grain - 1) / grain, operations: operations) { piece in
      body(piece * grain..<min(count, (piece + 1) * grain))
    }
  }

  /// Runs `body` for consecutive ranges that cover `0..<count`, each worth some microseconds.
  static func forEachRange(_ count: Int, operations: Int, _ body: (Range<Int>) -> Void) {
    let grain = max(1, count / max(1, operations / 500_000))
    forEachRange(count, grain: grain, operations: operations, body)
  }
}

/// OpenBLAS would start threads of its own; ours cut the work instead.
private let oneThreadPerCall: Void = openblas_set_num_threads(1)

/// `result = first * second`, added to what `result` holds where `adding`; on one thread.
func multiply(
  _ size: ProductSize, _ first: Factor, _ second: Factor, adding: Bool = false,
  into result: UnsafeMutablePointer<Float>, stride: Int
) {
  guard size.rows > 0, size.columns > 0 else { return }
  guard size.inner > 0 else {
    if !adding {
      for row in 0..<size.rows {
        (result + row * stride).update(repeating: 0, count: size.columns)
      }
    }
    return
  }
  if size.isWorthPacking {
    return multiplyInBlocks(size, first, second, adding: adding, into: result, stride: stride)
  }
  _ = oneThreadPerCall
  cblas_sgemm(
    CblasRowMajor, first.isTransposed ? CblasTrans : CblasNoTrans,
    second.isTransposed ? CblasTrans : CblasNoTrans, blasint(size.rows), blasint(size.columns),
    blasint(size.inner), 1, first.pointer, blasint(first.stride), second.pointer,
    blasint(second.stride), adding ? 1 : 0, result, blasint(stride))
}

/// One tile of `multiply`.
func multiply(
  tile index: Int, of size: ProductSize, _ first: Factor, _ second: Factor, scale: Float = 1,
  adding: Bool = false, into result: UnsafeMutablePointer<Float>, stride: Int
) {
  let tile = size.tile(index)
  multiply(
    ProductSize(rows: tile.rows.count, columns: tile.columns.count, inner: size.inner),
    first.fromRow(tile.rows.lowerBound), second.fromColumn(tile.columns.lowerBound),
    adding: adding, into: result + tile.rows.lowerBound * stride + tile.columns.lowerBound,
    stride: stride)
}

/// `multiply` on several threads.
func multiplyInTiles(
  _ size: ProductSize, _ first: Factor, _ second: Factor, adding: Bool = false,
  into result: UnsafeMutablePointer<Float>, stride: Int
) {
  Parallel.forEach(size.tiles, operations: size.operations) { tile in
    multiply(
      tile: tile, of: size, first, second, adding: adding, into: result, stride: stride)
  }
}
