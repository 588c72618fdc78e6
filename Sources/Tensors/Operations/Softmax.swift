import CKernels

extension Tensor {
  /// exp(x) / sum(exp(x)) along the last axis; a row of -∞ alone gives NaN.
  public func softmax() -> Tensor {
    let output = Tensor(shape: shape) { y in
      withPointer { x in
        let width = width
        if count == 0 { return }
        forEachPiece(rows: rows, width: width) { first, count in
          kernel_softmax_rows(count, width, x + first * width, y + first * width, nil)
        }
      }
    }
    return output.recorded(from: [self]) { gradient, _ in
      [output.rowsPulledBack(gradient, kernel_softmax_rows_backward)]
    }
  }

  /// x - log(sum(exp(x))) along the last axis.
  public func logSoftmax() -> Tensor {
    let output = Tensor(shape: shape) { y in
      withPointer { x in
        let width = width
        if count == 0 { return }
        forEachPiece(rows: rows, width: width) { first, count in
          kernel_log_softmax_rows(count, width, x + first * width, y + first * width)
        }
      }
    }
    return output.recorded(from: [self]) { gradient, _ in
      [output.rowsPulledBack(gradient, kernel_log_softmax_rows_backward)]
    }
  }

  private typealias RowPullbackKernel =
    @convention(c) (
      Int, Int, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
    ) -> Void

  private func rowsPulledBack(_ gradient: Tensor, _ kernel: RowPullbackKernel) -> Tensor {
    Tensor(shape: shape) { dx in
      withPointer { y in
        gradient.withPointer { g in
          let width = width
          forEachPiece(rows: rows, width: width) { first, count in
            let start = first * width
            kernel(count, width, y + start, g + start, dx + start)
          }
        }
      }
    }
  }
}
