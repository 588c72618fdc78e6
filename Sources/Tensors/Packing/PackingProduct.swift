import CKernels

/// `result = left * right + shift` for a right factor that is used once.
///
/// Each piece packs the columns that it multiplies with, a block at a time, so that they stay in the
/// second-level cache.
///
/// - Parameters:
///   - left: `[rows, inner]`, row-major.
///   - shift: added to every row of the result, `[columns]`; nil for none.
///   - result: `[rows, columns]`, row-major.
func multiplyPacking(
  _ size: ProductSize, _ left: UnsafePointer<Float>, _ right: Factor,
  shift: UnsafePointer<Float>? = nil, into result: UnsafeMutablePointer<Float>
) {
  guard size.isWorthPacking else {
    if let shift {
      for row in 0..<size.rows {
        (result + row * size.columns).update(from: shift, count: size.columns)
      }
    }
    return multiplyInTiles(
      size, Factor(left, stride: size.inner), right, adding: shift != nil, into: result,
      stride: size.columns)
  }
  // Cut along the columns first: a cut along the rows packs the same columns twice.
  let panels = (size.columns + 63) / 64
  let wanted = max(1, min(16, size.operations / 1_000_000))
  let across = min(panels, wanted)
  let down = min((wanted + across - 1) / across, max(1, size.rows / 96))
  Parallel.forEach(across * down) { piece in
    let (row, column) = (piece / across, piece % across)
    let rows = row * size.rows / down..<(row + 1) * size.rows / down
    let columns =
      column * panels / across * 64..<min(size.columns, (column + 1) * panels / across * 64)
    multiplyInBlocks(
      ProductSize(rows: rows.count, columns: columns.count, inner: size.inner),
      Factor(left + rows.lowerBound * size.inner, stride: size.inner),
      right.fromColumn(columns.lowerBound), shift: shift.map { $0 + columns.lowerBound },
      into: result + rows.lowerBound * size.columns + columns.lowerBound, stride: size.columns)
  }
}

extension ProductSize {
  /// Whether packing the right factor costs less than the packed product saves.
  var isWorthPacking: Bool { rows >= 8 && columns >= 16 && operations >= 16_384 }
}

/// `result = first * second + shift`, added to what `result` holds where `adding`, on one thread,
/// with both factors brought into the kernels' layout a block at a time.
func multiplyInBlocks(
  _ size: ProductSize, _ first: Factor, _ second: Factor, shift: UnsafePointer<Float>? = nil,
  adding: Bool = false, into result: UnsafeMutablePointer<Float>, stride: Int
) {
  // A block of the inner extent, and as many columns as take half of the second-level cache.
  let depth = min(size.inner, 1024)
  let width = max(64, 131_072 / depth / 64 * 64)
  let panels = Storage(count: kernel_panel_count(depth, min(width, size.columns)))
  let left = first.isTransposed ? Storage(count: size.rows * depth) : nil
  for start in Swift.stride(from: 0, to: size.inner, by: depth) {
    let inner = min(depth, size.inner - start)
    var work = kernel_product()
    work.rows = size.rows
    work.inner = inner
    work.segments = 1
    work.x = first.pointer + start
    work.x_stride = first.stride
    if let left {
      kernel_transpose(
        size.rows, inner, first.pointer + start * first.stride, first.stride, left.pointer, inner)
      work.x = UnsafePointer(left.pointer)
      work.x_stride = inner
    }
    work.panels = UnsafePointer(panels.pointer)
    work.activation = Int32(KERNEL_NONE)
    work.y_stride = stride
    work.residual_stride = stride
    for column in Swift.stride(from: 0, to: size.columns, by: width) {
      let columns = min(width, size.columns - column)
      let block = second.fromColumn(column).fromInner(start)
      kernel_pack_panels(
        inner, columns, block.pointer, block.isTransposed ? 1 : block.stride,
        block.isTransposed ? block.stride : 1, nil, panels.pointer)
      work.columns = columns
      work.shift = start == 0 ? shift.map { $0 + column } : nil
      work.residual = adding || start > 0 ? UnsafePointer(result + column) : nil
      work.y = result + column
      kernel_product_run(&work, 0, size.rows, 0, (columns + 63) / 64)
    }
  }
}

/// The matrix `[rows, columns]` transposed, `[columns, rows]`; and the sums of its columns, where
/// `sums` is there to hold them.
func transposed(
  _ matrix: UnsafePointer<Float>, rows: Int, columns: Int,
  columnSums sums: UnsafeMutablePointer<Float>? = nil
) -> Storage {
  let result = Storage(count: rows * columns)
  Parallel.forEachRange(columns, grain: 64, operations: rows * columns * 8) { band in
    let first = band.lowerBound
    let target = result.pointer + first * rows
    kernel_transpose(band.count, rows, matrix + first, columns, target, rows)
    if let sums { kernel_sum_rows(band.count, rows, target, sums + first) }
  }
  return result
}
