import CKernels

/// A kernel of one argument: count, x, y.
typealias UnaryKernel =
  @convention(c) (Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void

/// A pullback's kernel: count, what the forward pass kept, gradient of the output, result.
typealias UnaryPullbackKernel =
  @convention(c) (
    Int, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void

/// Runs `body(start, count)` for pieces of `0..<count`: one piece, or several on several threads.
func forEachPiece(_ count: Int, _ body: (Int, Int) -> Void) {
  if count < parallelThreshold { return body(0, count) }
  Parallel.forEachRange(count, grain: parallelGrain) { body($0.lowerBound, $0.count) }
}

/// Runs `body(first, count)` for pieces of `0..<rows`, rows of `width` elements.
func forEachPiece(rows: Int, width: Int, _ body: (Int, Int) -> Void) {
  if rows * width < parallelThreshold { return body(0, rows) }
  Parallel.forEachRange(rows, grain: rowGrain(width)) { body($0.lowerBound, $0.count) }
}

/// The number of rows of one piece of work.
func rowGrain(_ width: Int) -> Int { max(1, parallelGrain / max(width, 1)) }

/// The sum of `body(start, count)` over pieces of `0..<count`, added in their order.
func sumOfPieces(_ count: Int, _ body: (Int, Int) -> Double) -> Double {
  if count < parallelThreshold { return body(0, count) }
  let pieces = (count + parallelGrain - 1) / parallelGrain
  return withUnsafeTemporaryAllocation(of: Double.self, capacity: pieces) { partial in
    Parallel.forEachRange(count, grain: parallelGrain) {
      partial[$0.lowerBound / parallelGrain] = body($0.lowerBound, $0.count)
    }
    return partial.reduce(0, +)
  }
}

extension Tensor {
  /// Applies a kernel to every element, on several threads where there are many.
  func mapped(_ kernel: UnaryKernel) -> Tensor {
    Tensor(shape: shape) { y in
      withPointer { x in
        forEachPiece(count) { start, count in kernel(count, x + start, y + start) }
      }
    }
  }

  /// Applies a pullback's kernel to what the forward pass kept (this tensor) and the gradient.
  func pulledBack(_ gradient: Tensor, _ kernel: UnaryPullbackKernel) -> Tensor {
    Tensor(shape: shape) { y in
      withPointer { kept in
        gradient.withPointer { g in
          forEachPiece(count) { start, count in kernel(count, kept + start, g + start, y + start) }
        }
      }
    }
  }

  /// A function whose derivative is computed from its output.
  func mapped(_ forward: UnaryKernel, outputPullback backward: UnaryPullbackKernel) -> Tensor {
    let output = mapped(forward)
    return output.recorded(from: [self]) { gradient, _ in [output.pulledBack(gradient, backward)] }
  }

  /// A function whose derivative is computed from its input.
  func mapped(_ forward: UnaryKernel, inputPullback backward: UnaryPullbackKernel) -> Tensor {
    let input = detached
    return mapped(forward)
      .recorded(from: [self]) { gradient, _ in [input.pulledBack(gradient, backward)] }
  }

  /// Extent of the last axis, 1 for a scalar.
  var width: Int { shape.last ?? 1 }
  /// Number of rows along the last axis.
  var rows: Int { shape.dropLast().reduce(1, *) }
}
