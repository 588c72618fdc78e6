/// Product of matrices, or of batches of matrices: `[..., m, k] x [..., k, n] -> [..., m, n]`.
///
/// The leading (batch) axes broadcast by NumPy's rules. A factor whose flag is set lies transposed
/// in memory, `[..., k, m]` or `[..., n, k]`, and is not copied.
public func matmul(
  _ a: Tensor, _ b: Tensor, transposingFirst: Bool = false, transposingSecond: Bool = false
) -> Tensor {
  let plan = MatmulPlan(
    a.shape, b.shape, transposingFirst: transposingFirst, transposingSecond: transposingSecond)
  Profile.count(plan.operations)
  let a0 = a.detached
  let b0 = b.detached
  let result = Tensor(shape: plan.shape) { result in
    a0.withPointer { a in b0.withPointer { b in plan.forward(a, b, into: result) } }
  }
  return result.recorded(from: [a, b]) { gradient, needed in
    gradient.withPointer { g in
      [
        needed[0]
          ? Tensor(shape: a0.shape) { out in
            b0.withPointer { plan.firstGradient(g, $0, into: out) }
          } : nil,
        needed[1]
          ? Tensor(shape: b0.shape) { out in
            a0.withPointer { plan.secondGradient(g, $0, into: out) }
          } : nil,
      ]
    }
  }
}

/// The shapes of a batched product and which matrices meet.
private struct MatmulPlan {
  let shape: Shape
  let size: ProductSize
  let transposingFirst: Bool
  let transposingSecond: Bool
  let firsts: Int
  let seconds: Int
  /// Which matrix of each factor the product at a position of the batch reads.
  let firstOf: [Int]
  let secondOf: [Int]

  init(_ a: Shape, _ b: Shape, transposingFirst: Bool, transposingSecond: Bool) {
    precondition(a.count >= 2 && b.count >= 2, "matmul needs matrices, got \(a) and \(b)")
    let m = transposingFirst ? a[a.count - 1] : a[a.count - 2]
    let k = transposingFirst ? a[a.count - 2] : a[a.count - 1]
    let n = transposingSecond ? b[b.count - 2] : b[b.count - 1]
    let inner = transposingSecond ? b[b.count - 1] : b[b.count - 2]
    let firstBatch = Shape(a.dropLast(2))
    let secondBatch = Shape(b.dropLast(2))
    guard k == inner, let batch = firstBatch.broadcast(with: secondBatch) else {
      preconditionFailure(
        "matmul cannot multiply \(a)\(transposingFirst ? " transposed" : "") by "
          + "\(b)\(transposingSecond ? " transposed" : "")")
    }
    self.shape = batch + [m, n]
    self.transposingFirst = transposingFirst
    self.transposingSecond = transposingSecond
    if secondBatch.elementCount == 1 && !transposingFirst {
      // One right-hand matrix for the whole batch: the batch is just more rows.
      size = ProductSize(rows: batch.elementCount * m, columns: n, inner: k)
      (firsts, seconds, firstOf, secondOf) = (1, 1, [0], [0])
    } else {
      size = ProductSize(rows: m, columns: n, inner: k)
      firsts = firstBatch.elementCount
      seconds = secondBatch.elementCount
      firstOf = MatmulPlan.positions(of: firstBatch, in: batch)
      secondOf = MatmulPlan.positions(of: secondBatch, in: batch)
    }
  }

  /// For every position of `batch` in row-major order, the matrix of the smaller batch.
  private static func positions(of own: Shape, in batch: Shape) -> [Int] {
    if own == batch { return Array(0..<batch.elementCount) }
    let padded = Shape(repeating: 1, count: batch.count - own.count) + own
    let strides = padded.rowMajorStrides
    var positions = [0]
    for axis in batch.indices {
      let step = padded[axis] == 1 ? 0 : strides[axis]
      positions = positions.flatMap { base in (0..<batch[axis]).map { base + $0 * step } }
    }
    return positions
  }

  /// Multiply-adds of the whole batch.
  var operations: Int { firstOf.count * size.operations }

  private var firstStride: Int { transposingFirst ? size.rows : size.inner }
  private var secondStride: Int { transposingSecond ? size.inner : size.columns }
  private var firstCount: Int { size.rows * size.inner }
  private var secondCount: Int { size.inner * size.columns }
  private var resultCount: Int { size.rows * size.columns }

  private func first(_ a: UnsafePointer<Float>, _ index: Int, flipped: Bool = false) -> Factor {
    Factor(a + index * firstCount, stride: firstStride, transposed: transposingFirst != flipped)
  }

  private func second(_ b: UnsafePointer<Float>, _ index: Int, flipped: Bool = false) -> Factor {
    Factor(b + index * secondCount, stride: secondStride, transposed: transposingSecond != flipped)
  }

  private func result(_ g: UnsafePointer<Float>, _ index: Int, transposed: Bool) -> Factor {
    Factor(g + index * resultCount, stride: size.columns, transposed: transposed)
  }

  func forward(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
  ) {
    let tiles = size.tiles
    Parallel.forEachRange(firstOf.count * tiles, operations: operations) { pieces in
      for piece in pieces {
        let index = piece / tiles
        multiply(
          tile: piece % tiles, of: size, first(a, firstOf[index]), second(b, secondOf[index]),
          into: out + index * resultCount, stride: size.columns)
      }
    }
  }

  func firstGradient(
    _ g: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
  ) {
    let size =
      transposingFirst
      ? ProductSize(rows: size.inner, columns: size.rows, inner: size.columns)
      : ProductSize(rows: size.rows, columns: size.inner, inner: size.columns)
    sums(size, matrices: firsts, owners: firstOf, into: out) { index in
      transposingFirst
        ? (second(b, secondOf[index]), result(g, index, transposed: true))
        : (result(g, index, transposed: false), second(b, secondOf[index], flipped: true))
    }
  }

  func secondGradient(
    _ g: UnsafePointer<Float>, _ a: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
  ) {
    let size =
      transposingSecond
      ? ProductSize(rows: size.columns, columns: size.inner, inner: size.rows)
      : ProductSize(rows: size.inner, columns: size.columns, inner: size.rows)
    sums(size, matrices: seconds, owners: secondOf, into: out) { index in
      transposingSecond
        ? (result(g, index, transposed: true), first(a, firstOf[index]))
        : (first(a, firstOf[index], flipped: true), result(g, index, transposed: false))
    }
  }

  /// Gradient of a factor: each of its matrices gets the sum over the positions that read it, in
  /// the order of the batch.
  private func sums(
    _ size: ProductSize, matrices: Int, owners: [Int], into out: UnsafeMutablePointer<Float>,
    factors: (Int) -> (Factor, Factor)
  ) {
    var readers = [[Int]](repeating: [], count: matrices)
    for (index, owner) in owners.enumerated() { readers[owner].append(index) }
    let count = size.rows * size.columns
    let tiles = size.tiles
    let operations = owners.count * size.operations
    Parallel.forEachRange(matrices * tiles, operations: operations) { pieces in
      for piece in pieces {
        let matrix = piece / tiles
        let target = out + matrix * count
        if readers[matrix].isEmpty { target.update(repeating: 0, count: count) }
        for (turn, index) in readers[matrix].enumerated() {
          let (first, second) = factors(index)
          multiply(
            tile: piece % tiles, of: size, first, second, adding: turn > 0, into: target,
            stride: size.columns)
        }
      }
    }
  }
}
