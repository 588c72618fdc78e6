import CKernels

extension Tensor {
  /// The largest number of each square window (torch.nn.functional.max_pool2d).
  ///
  /// `[batch, height, width, channels]`; padding never wins.
  public func maxPool2d(kernel: Int, stride: Int, padding: Int = 0) -> Tensor {
    let x = detached
    return pooled(kernel: kernel, stride: stride, padding: padding) { pool, rows, x, y in
      kernel_max_pool(&pool, rows.lowerBound, rows.upperBound, x, y)
    } pullback: { pool, channels, picture, dy, dx in
      x.withPointer {
        kernel_max_pool_backward(
          &pool, channels.lowerBound, channels.upperBound, $0 + picture, dy, dx)
      }
    }
  }

  /// The mean of each square window, padding counted as zeros (torch.nn.functional.avg_pool2d).
  ///
  /// `[batch, height, width, channels]`
  public func averagePool2d(kernel: Int, stride: Int, padding: Int = 0) -> Tensor {
    pooled(kernel: kernel, stride: stride, padding: padding) { pool, rows, x, y in
      kernel_average_pool(&pool, rows.lowerBound, rows.upperBound, x, y)
    } pullback: { pool, channels, _, dy, dx in
      kernel_average_pool_backward(&pool, channels.lowerBound, channels.upperBound, dy, dx)
    }
  }

  private func pooled(
    kernel: Int, stride: Int, padding: Int,
    _ forward:
      @escaping (
        inout kernel_pool, _ rows: Range<Int>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
      ) -> Void,
    pullback:
      @escaping (
        inout kernel_pool, _ channels: Range<Int>, _ picture: Int, UnsafePointer<Float>,
        UnsafeMutablePointer<Float>
      ) -> Void
  ) -> Tensor {
    let pool = kernel_pool(shape, kernel: kernel, stride: stride, padding: padding)
    let (batch, channels) = (shape[0], shape[3])
    let picture = shape[1] * shape[2] * channels
    let row = pool.result_width * channels
    let operations = batch * pool.result_height * row * kernel * kernel
    let source = detached
    let own = shape
    let result = Tensor(
      shape: [batch, pool.result_height, pool.result_width, channels]
    ) { destination in
      source.withPointer { x in
        nonisolated(unsafe) let (x, y) = (x, destination)
        Parallel.forEachRange(batch * pool.result_height, operations: operations) {
          for index in $0 {
            var pool = pool
            let first = index % pool.result_height
            forward(
              &pool, first..<first + 1, x + index / pool.result_height * picture, y + index * row)
          }
        }
      }
    }
    return result.recorded(from: [self]) { gradient, _ in
      [
        Tensor(shape: own) { destination in
          destination.update(repeating: 0, count: own.elementCount)
          gradient.withPointer { dy in
            nonisolated(unsafe) let (dy, dx) = (dy, destination)
            // Windows overlap: the pieces are channels.
            let blocks = (channels + 31) / 32
            Parallel.forEach(batch * blocks, operations: 4 * operations) { piece in
              var pool = pool
              let first = piece % blocks * 32
              let start = piece / blocks * picture
              pullback(
                &pool, first..<min(channels, first + 32), start,
                dy + piece / blocks * pool.result_height * row, dx + start)
            }
          }
        }
      ]
    }
  }
}

extension kernel_pool {
  /// The windows over a feature map of `shape`, `[batch, height, width, channels]`.
  init(_ shape: Shape, kernel: Int, stride: Int, padding: Int) {
    precondition(shape.count == 4, "a pooling needs [batch, height, width, channels], not \(shape)")
    precondition(
      kernel > 0 && stride > 0 && 2 * padding <= kernel && padding >= 0
        && shape[1] + 2 * padding >= kernel && shape[2] + 2 * padding >= kernel,
      "a window of \(kernel) with stride \(stride) and padding \(padding) does not fit \(shape)")
    self.init(
      height: shape[1], width: shape[2], channels: shape[3], kernel: kernel, stride: stride,
      padding: padding, result_height: (shape[1] + 2 * padding - kernel) / stride + 1,
      result_width: (shape[2] + 2 * padding - kernel) / stride + 1)
  }
}
