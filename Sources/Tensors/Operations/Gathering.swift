import CKernels

extension Tensor {
  /// The entries of axis 0 at the given indices, which may repeat: `[n, ...] -> [rows, ...]`.
  ///
  /// The gradient adds up where an index repeats, in the order of the indices.
  public func gathered(rows: [Int]) -> Tensor {
    precondition(rank >= 1, "gathered needs an axis to gather from, got \(shape)")
    let (entries, width) = (shape[0], shape.dropFirst().reduce(1, *))
    for row in rows {
      precondition(row >= 0 && row < entries, "index \(row) is no entry of axis 0 of \(shape)")
    }
    let source = detached
    let result = Tensor(shape: [rows.count] + shape.dropFirst()) { destination in
      source.withPointer { source in
        for (position, row) in rows.enumerated() {
          (destination + position * width).update(from: source + row * width, count: width)
        }
      }
    }
    let own = shape
    return result.recorded(from: [self]) { gradient, _ in
      var whole = Tensor.zeros(own)
      whole.withMutablePointer { destination in
        gradient.withPointer { source in
          for (position, row) in rows.enumerated() {
            kernel_accumulate(width, source + position * width, destination + row * width)
          }
        }
      }
      return [whole]
    }
  }
}

/// Looks up rows of a table: `[n, width]` and indices of the shape `shape` -> `[shape..., width]`.
public func embedding(_ table: Tensor, indices: [Int], shape: Shape) -> Tensor {
  precondition(table.rank == 2, "embedding needs a table [entries, width], got \(table.shape)")
  precondition(
    shape.elementCount == indices.count,
    "embedding got \(indices.count) indices for the shape \(shape)")
  return table.gathered(rows: indices).reshaped(shape + [table.shape[1]])
}
