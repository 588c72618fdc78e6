import CKernels

extension Tensor {
  /// The same elements in another shape, without a copy; one axis may be -1 and is inferred.
  public func reshaped(_ shape: Shape) -> Tensor {
    var target = shape
    if let free = shape.firstIndex(of: -1) {
      let others = shape.enumerated().reduce(1) { $1.offset == free ? $0 : $0 * $1.element }
      precondition(
        others > 0 && count % others == 0, "\(self.shape) cannot be reshaped to \(shape)")
      target[free] = count / others
    }
    precondition(
      target.elementCount == count, "\(self.shape) cannot be reshaped to \(shape)")
    let own = self.shape
    return Tensor(shape: target, storage: storage).recorded(from: [self]) { gradient, _ in
      [gradient.reshaped(own)]
    }
  }

  /// The axes in another order: axis `i` of the result is axis `permutation[i]` of this tensor.
  public func transposed(_ permutation: [Int]) -> Tensor {
    let order = permutation.map { shape.axis($0) }
    precondition(
      order.count == rank && Set(order).count == rank,
      "\(permutation) is no order of the axes of \(shape)")
    if order == Array(0..<rank) { return self }
    let source = detached
    let result = Tensor(shape: order.map { shape[$0] }) { destination in
      source.withPointer { permute($0, shape: source.shape, order: order, into: destination) }
    }
    return result.recorded(from: [self]) { gradient, _ in
      var inverse = [Int](repeating: 0, count: order.count)
      for (position, axis) in order.enumerated() { inverse[axis] = position }
      return [gradient.transposed(inverse)]
    }
  }
}

/// Copies a row-major array with its axes in another order.
private func permute(
  _ source: UnsafePointer<Float>, shape: Shape, order: [Int],
  into destination: UnsafeMutablePointer<Float>
) {
  let count = shape.elementCount
  if count == 0 { return }
  // Axes that stay neighbours act as one; axes of extent 1 do not matter.
  let strides = shape.rowMajorStrides
  var extents: [Int] = []
  var steps: [Int] = []
  for axis in order where shape[axis] != 1 {
    if let step = steps.last, step == shape[axis] * strides[axis] {
      extents[extents.count - 1] *= shape[axis]
      steps[steps.count - 1] = strides[axis]
    } else {
      extents.append(shape[axis])
      steps.append(strides[axis])
    }
  }
  guard let columnStep = steps.last, let rowAxis = steps.firstIndex(of: 1) else {
    destination.pointee = source.pointee
    return
  }
  // The last axis of the result is also the last of the source, and runs are copied, or the last
  // axes of result and source span planes that are transposed.
  let targetSteps = extents.rowMajorStrides
  let columns = extents.count - 1
  let outer = extents.indices.filter { $0 != columns && $0 != rowAxis }
  let planes = outer.reduce(1) { $0 * extents[$1] }
  Parallel.forEachRange(planes, operations: count * 4) { range in
    for plane in range {
      var rest = plane
      var from = source
      var to = destination
      for axis in outer.reversed() {
        let index = rest % extents[axis]
        rest /= extents[axis]
        from += index * steps[axis]
        to += index * targetSteps[axis]
      }
      if rowAxis == columns {
        to.update(from: from, count: extents[columns])
      } else {
        kernel_transpose(
          extents[rowAxis], extents[columns], from, columnStep, to, targetSteps[rowAxis])
      }
    }
  }
}
