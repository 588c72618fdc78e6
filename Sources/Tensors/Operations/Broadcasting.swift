import CKernels

/// A kernel of two arguments as `CKernels.h` describes it: rows, n, a, its row and step, b alike, y.
typealias BinaryKernel =
  @convention(c) (
    Int, Int, UnsafePointer<Float>?, Int, Int, UnsafePointer<Float>?, Int, Int,
    UnsafeMutablePointer<Float>?
  ) -> Void

/// The number of elements from which work is spread over several threads.
let parallelThreshold = 32_768
/// The number of elements of one piece of work.
let parallelGrain = 16_384

/// How an argument is read along the two innermost axes: distance between rows, and between elements.
struct RowLayout {
  var row: Int
  var step: Int

  static let vector = RowLayout(row: 0, step: 1)
  static let number = RowLayout(row: 0, step: 0)
}

/// Applies a kernel of two arguments, broadcasting them by NumPy's rules.
///
/// Equal shapes, one number against a tensor, and a vector along the last axes take one call; every
/// other pair is first brought to as few axes as its strides allow.
func broadcasting(_ kernel: BinaryKernel, _ a: Tensor, _ b: Tensor) -> Tensor {
  if a.shape == b.shape {
    return Tensor(shape: a.shape) { y in
      a.withPointer { x in
        b.withPointer { apply(kernel, rows: 1, n: a.count, x, .vector, $0, .vector, y) }
      }
    }
  }
  guard let shape = a.shape.broadcast(with: b.shape) else {
    preconditionFailure("the shapes \(a.shape) and \(b.shape) do not broadcast")
  }
  return a.withPointer { x in
    b.withPointer { broadcasting(kernel, x, a.shape, $0, b.shape, into: shape) }
  }
}

/// Applies a kernel to a tensor and one number, in this order or (`reversed`) the other.
func broadcasting(
  _ kernel: BinaryKernel, _ a: Tensor, _ number: Float, reversed: Bool = false
) -> Tensor {
  Tensor(shape: a.shape) { y in
    a.withPointer { x in
      withUnsafePointer(to: number) { number in
        if reversed {
          apply(kernel, rows: 1, n: a.count, number, .number, x, .vector, y)
        } else {
          apply(kernel, rows: 1, n: a.count, x, .vector, number, .number, y)
        }
      }
    }
  }
}

/// Applies a kernel to arguments that both broadcast to `shape`.
func broadcasting(
  _ kernel: BinaryKernel, _ a: UnsafePointer<Float>, _ shapeA: Shape, _ b: UnsafePointer<Float>,
  _ shapeB: Shape, into shape: Shape
) -> Tensor {
  var axes = mergedAxes(result: shape, shapeA, shapeB)
  let inner = axes.popLast() ?? BroadcastAxis(extent: 1, a: 0, b: 0)
  let rows = axes.popLast() ?? BroadcastAxis(extent: 1, a: 0, b: 0)
  let (layoutA, layoutB) = (
    RowLayout(row: rows.a, step: inner.a), RowLayout(row: rows.b, step: inner.b)
  )
  return Tensor(shape: shape) { y in
    let count = shape.elementCount
    if count == 0 { return }
    var position = [Int](repeating: 0, count: axes.count)
    var offsetA = 0
    var offsetB = 0
    for start in stride(from: 0, to: count, by: rows.extent * inner.extent) {
      apply(
        kernel, rows: rows.extent, n: inner.extent, a + offsetA, layoutA, b + offsetB, layoutB,
        y + start)
      for axis in axes.indices.reversed() {
        position[axis] += 1
        offsetA += axes[axis].a
        offsetB += axes[axis].b
        if position[axis] < axes[axis].extent { break }
        offsetA -= axes[axis].a * axes[axis].extent
        offsetB -= axes[axis].b * axes[axis].extent
        position[axis] = 0
      }
    }
  }
}

private func apply(
  _ kernel: BinaryKernel, rows: Int, n: Int, _ a: UnsafePointer<Float>, _ layoutA: RowLayout,
  _ b: UnsafePointer<Float>, _ layoutB: RowLayout, _ y: UnsafeMutablePointer<Float>
) {
  if rows * n < parallelThreshold {
    kernel(rows, n, a, layoutA.row, layoutA.step, b, layoutB.row, layoutB.step, y)
  } else if rows == 1 {
    Parallel.forEachRange(n, grain: parallelGrain) { range in
      let start = range.lowerBound
      kernel(
        1, range.count, a + start * layoutA.step, 0, layoutA.step, b + start * layoutB.step, 0,
        layoutB.step, y + start)
    }
  } else {
    Parallel.forEachRange(rows, grain: max(1, parallelGrain / n)) { range in
      let start = range.lowerBound
      kernel(
        range.count, n, a + start * layoutA.row, layoutA.row, layoutA.step,
        b + start * layoutB.row, layoutB.row, layoutB.step, y + start * n)
    }
  }
}

/// One axis of a broadcast: its extent, and the distance between neighbours in both arguments.
private struct BroadcastAxis {
  var extent: Int
  var a: Int
  var b: Int
}

/// The axes of a broadcast, outermost first, neighbours merged wherever the strides allow it.
///
/// Axes of extent 1 are left out, so the innermost strides are 0 or 1.
private func mergedAxes(result: Shape, _ a: Shape, _ b: Shape) -> [BroadcastAxis] {
  var axes: [BroadcastAxis] = []
  var strideA = 1
  var strideB = 1
  for index in result.indices.reversed() {
    let extent = result[index]
    let extentA = index >= result.count - a.count ? a[index - result.count + a.count] : 1
    let extentB = index >= result.count - b.count ? b[index - result.count + b.count] : 1
    let axis = BroadcastAxis(
      extent: extent, a: extentA == 1 ? 0 : strideA, b: extentB == 1 ? 0 : strideB)
    strideA *= extentA
    strideB *= extentB
    if extent == 1 { continue }
    if let inner = axes.last, axis.a == inner.a * inner.extent, axis.b == inner.b * inner.extent {
      axes[axes.count - 1].extent *= extent
    } else {
      axes.append(axis)
    }
  }
  axes.reverse()
  return axes
}
