/// A kernel that folds [rows, n] along one of its axes.
typealias FoldKernel =
  @convention(c) (Int, Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void

/// The axes that a reduction removes.
struct ReducedAxes {
  let shape: Shape
  /// One an axis: whether it is reduced.
  let flags: [Bool]

  init(_ axes: [Int]?, of shape: Shape) {
    var flags = [Bool](repeating: axes == nil, count: shape.count)
    for axis in axes ?? [] where !shape.isEmpty { flags[shape.axis(axis)] = true }
    self.shape = shape
    self.flags = flags
  }

  /// The shape with 1 for every reduced axis.
  var keptShape: Shape { zip(shape, flags).map { $1 ? 1 : $0 } }
  /// The shape without the reduced axes.
  var droppedShape: Shape { zip(shape, flags).filter { !$1 }.map(\.0) }

  /// Folds each run of neighbouring reduced axes, the innermost run first.
  func fold(_ tensor: Tensor, rows: FoldKernel, columns: FoldKernel) -> Tensor {
    var result = tensor
    var extents = shape
    var end = shape.count
    while end > 0 {
      guard flags[end - 1] else {
        end -= 1
        continue
      }
      var start = end
      while start > 0 && flags[start - 1] { start -= 1 }
      let outer = extents[..<start].reduce(1, *)
      let middle = extents[start..<end].reduce(1, *)
      let inner = extents[end...].reduce(1, *)
      for axis in start..<end { extents[axis] = 1 }
      if middle != 1 {
        let source = result
        result = Tensor(shape: extents) { y in
          source.withPointer { foldMiddle(outer, middle, inner, $0, y, rows, columns) }
        }
      }
      end = start
    }
    return Tensor(shape: extents, storage: result.storage)
  }
}

/// Folds [outer, middle, inner] to [outer, inner].
///
/// Large work is cut into pieces by the shape alone; where the folded axis itself is cut, the pieces
/// are folded again in their order, so that the bits do not depend on the number of threads.
private func foldMiddle(
  _ outer: Int, _ middle: Int, _ inner: Int, _ x: UnsafePointer<Float>,
  _ y: UnsafeMutablePointer<Float>, _ rows: FoldKernel, _ columns: FoldKernel
) {
  if outer * middle * inner < parallelThreshold {
    if inner == 1 {
      rows(outer, middle, x, y)
    } else {
      for index in 0..<outer {
        columns(middle, inner, x + index * middle * inner, y + index * inner)
      }
    }
  } else if outer > 1 && middle * inner <= 4 * parallelThreshold {
    let grain = max(1, parallelGrain / (middle * inner))
    Parallel.forEachRange(outer, grain: grain) { range in
      let first = range.lowerBound
      if inner == 1 {
        rows(range.count, middle, x + first * middle, y + first)
      } else {
        for index in range {
          columns(middle, inner, x + index * middle * inner, y + index * inner)
        }
      }
    }
  } else {
    let grain = max(1, parallelGrain / inner)
    let pieces = (middle + grain - 1) / grain
    for index in 0..<outer {
      let source = x + index * middle * inner
      let partial = Storage(count: pieces * inner)
      Parallel.forEachRange(middle, grain: grain) { range in
        let target = partial.pointer + range.lowerBound / grain * inner
        let start = source + range.lowerBound * inner
        if inner == 1 {
          rows(1, range.count, start, target)
        } else {
          columns(range.count, inner, start, target)
        }
      }
      if inner == 1 {
        rows(1, pieces, partial.pointer, y + index)
      } else {
        columns(pieces, inner, partial.pointer, y + index * inner)
      }
    }
  }
}
