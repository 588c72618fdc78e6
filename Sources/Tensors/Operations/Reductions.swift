import CKernels

extension Tensor {
  /// The sum over some axes, or over all.
  ///
  /// - Parameters:
  ///   - axes: the axes to sum over, negative ones counted from the back; nil means all.
  ///   - keepingAxes: whether they stay in the shape, with an extent of 1.
  public func sum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    sum(axes: axes, keepingAxes: keepingAxes, dividedBy: 1)
  }

  /// The mean over some axes, or over all; NaN where there is nothing to average.
  ///
  /// - Parameters:
  ///   - axes: the axes to average over, negative ones counted from the back; nil means all.
  ///   - keepingAxes: whether they stay in the shape, with an extent of 1.
  public func mean(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let extents = ReducedAxes(axes, of: shape).flags.enumerated().map { $1 ? shape[$0] : 1 }
    return sum(axes: axes, keepingAxes: keepingAxes, dividedBy: Float(extents.elementCount))
  }

  private func sum(axes: [Int]?, keepingAxes: Bool, dividedBy divisor: Float) -> Tensor {
    let reduced = ReducedAxes(axes, of: shape)
    var total = reduced.fold(detached, rows: kernel_sum_rows, columns: kernel_sum_columns)
    if divisor != 1 { total = broadcasting(kernel_divide, total, divisor) }
    let result = Tensor(
      shape: keepingAxes ? reduced.keptShape : reduced.droppedShape, storage: total.storage)
    let original = shape
    return result.recorded(from: [self]) { gradient, _ in
      let spread = Tensor(shape: reduced.keptShape, storage: gradient.storage)
      return [spread.repeated(to: original, dividedBy: divisor)]
    }
  }

  /// The sum over the axes along which a tensor of `shape` was broadcast to this one's.
  func summed(to shape: Shape) -> Tensor {
    if self.shape == shape { return self }
    let leading = rank - shape.count
    let axes = self.shape.indices.filter {
      $0 < leading || (shape[$0 - leading] == 1 && self.shape[$0] != 1)
    }
    let total = ReducedAxes(axes, of: self.shape)
      .fold(detached, rows: kernel_sum_rows, columns: kernel_sum_columns)
    return Tensor(shape: shape, storage: total.storage)
  }

  /// The elements divided by a number and repeated along the axes of extent 1 to fill `shape`.
  func repeated(to shape: Shape, dividedBy divisor: Float) -> Tensor {
    if divisor == 1 && self.shape == shape { return self }
    return withPointer { x in
      withUnsafePointer(to: divisor) {
        broadcasting(kernel_divide, x, self.shape, $0, [], into: shape)
      }
    }
  }
}
