import CKernels

extension Tensor {
  /// The largest number of each square window (torch.nn.functional.max_pool2d).
  ///
  /// `[batch, channels, height, width]`; padding never wins.
  public func maxPool2d(kernel: Int, stride: Int, padding: Int = 0) -> Tensor {
    let x = detached
    return pooled(kernel: kernel, stride: stride, padding: padding) { pool, x, y in
      kernel_max_pool(&pool, x, y)
    } pullback: { pool, plane, dy, dx in
      x.withPointer { kernel_max_pool_backward(&pool, $0 + plane, dy, dx) }
    }
  }

  /// The mean of each square window, padding counted as zeros (torch.nn.functional.avg_pool2d).
  ///
  /// `[batch, channels, height, width]`
  public func averagePool2d(kernel: Int, stride: Int, padding: Int = 0) -> Tensor {
    pooled(kernel: kernel, stride: stride, padding: padding) { pool, x, y in
      kernel_average_pool(&pool, x, y)
    } pullback: { pool, _, dy, dx in
      kernel_average_pool_backward(&pool, dy, dx)
    }
  }

  private func pooled(
    kernel: Int, stride: Int, padding: Int,
    _ forward:
      @escaping (
        inout kernel_pool, UnsafePointer<Float>, UnsafeMutablePointer<Float>
      ) -> Void,
    pullback:
      @escaping (
        inout kernel_pool, _ plane: Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>
      ) -> Void
  ) -> Tensor {
    precondition(rank == 4, "a pooling needs [batch, channels, height, width], not \(shape)")
    precondition(
      kernel > 0 && stride > 0 && 2 * padding <= kernel && padding >= 0
        && shape[2] + 2 * padding >= kernel && shape[3] + 2 * padding >= kernel,
      "a window of \(kernel) with stride \(stride) and padding \(padding) does not fit \(shape)")
    let pool = kernel_pool(
      height: shape[2], width: shape[3], kernel: kernel, stride: stride, padding: padding,
      result_height: (shape[2] + 2 * padding - kernel) / stride + 1,
      result_width: (shape[3] + 2 * padding - kernel) / stride + 1)
    let planes = shape[0] * shape[1]
    let area = shape[2] * shape[3]
    let resultArea = pool.result_height * pool.result_width
    let source = detached
    let own = shape
    let result = Tensor(
      shape: [shape[0], shape[1], pool.result_height, pool.result_width]
    ) { destination in
      source.withPointer { x in
        nonisolated(unsafe) let (x, y) = (x, destination)
        Parallel.forEachRange(planes, operations: planes * resultArea * kernel * kernel * 4) {
          for plane in $0 {
            var pool = pool
            forward(&pool, x + plane * area, y + plane * resultArea)
          }
        }
      }
    }
    return result.recorded(from: [self]) { gradient, _ in
      [
        Tensor(shape: own) { destination in
          destination.update(repeating: 0, count: planes * area)
          gradient.withPointer { dy in
            nonisolated(unsafe) let (dy, dx) = (dy, destination)
            Parallel.forEachRange(planes, operations: planes * resultArea * kernel * kernel * 4) {
              for plane in $0 {
                var pool = pool
                pullback(&pool, plane * area, dy + plane * resultArea, dx + plane * area)
              }
            }
          }
        }
      ]
    }
  }
}
