import CKernels

/// The greater of each pair of elements, broadcasting; NaN where one is. At a tie each side gets
/// half of the gradient.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
  extreme(kernel_maximum, share: kernel_share_greater, a, b)
}

/// The smaller of each pair of elements, broadcasting; NaN where one is. At a tie each side gets
/// half of the gradient.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
  extreme(kernel_minimum, share: kernel_share_smaller, a, b)
}

private func extreme(
  _ kernel: BinaryKernel, share: @escaping BinaryKernel, _ a: Tensor, _ b: Tensor
) -> Tensor {
  let (keptA, keptB) = (a.detached, b.detached)
  return broadcasting(kernel, a, b).recorded(from: [a, b]) { gradient, needed in
    [
      needed[0] ? (gradient * broadcasting(share, keptA, keptB)).summed(to: keptA.shape) : nil,
      needed[1] ? (gradient * broadcasting(share, keptB, keptA)).summed(to: keptB.shape) : nil,
    ]
  }
}

extension Tensor {
  /// The greatest element over some axes, or over all; NaN if one is. Ties share the gradient.
  ///
  /// - Parameters:
  ///   - axes: the axes to search, negative ones counted from the back; nil means all.
  ///   - keepingAxes: whether they stay in the shape, with an extent of 1.
  public func maximum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let reduced = ReducedAxes(axes, of: shape)
    precondition(
      !zip(shape, reduced.flags).contains { $0 == 0 && $1 },
      "an empty axis of \(shape) has no maximum")
    let input = detached
    let greatest = reduced.fold(
      input, rows: kernel_maximum_rows, columns: kernel_maximum_columns)
    let result = Tensor(
      shape: keepingAxes ? reduced.keptShape : reduced.droppedShape, storage: greatest.storage)
    return result.recorded(from: [self]) { gradient, _ in
      let ties = broadcasting(kernel_equal, input, greatest)
      let shared =
        Tensor(shape: reduced.keptShape, storage: gradient.storage)
        / ties.summed(to: reduced.keptShape)
      return [ties * shared]
    }
  }

  /// The position of the greatest element along the last axis, the first of several, for each row.
  ///
  /// NaN counts as the greatest. A scalar has one row of one element.
  public func argmax() -> [Int] {
    precondition(width > 0, "an empty axis of \(shape) has no maximum")
    let (rows, width) = (rows, width)
    return [Int](unsafeUninitializedCapacity: rows) { positions, count in
      let y = positions.baseAddress
      withPointer { x in
        if rows > 0 { kernel_argmax_rows(rows, width, x, y) }
      }
      count = rows
    }
  }
}
