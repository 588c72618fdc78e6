import CKernels

/// How a picture or map of features is brought to another size.
public enum Interpolation: Sendable {
  /// The nearest element.
  case nearest
  /// A weighted mean of four; with aligned corners the outermost elements stay where they are.
  case bilinear(alignCorners: Bool)
}

extension Tensor {
  /// Resizes without antialiasing (torch.nn.functional.interpolate).
  ///
  /// `[batch, height, width, channels]` to the given height and width.
  public func interpolated(height: Int, width: Int, mode: Interpolation) -> Tensor {
    precondition(
      rank == 4 && height > 0 && width > 0 && shape[1] > 0 && shape[2] > 0,
      "\(shape) cannot be interpolated to \(height)x\(width)")
    let rows = AxisTaps(from: shape[1], to: height, mode: mode)
    let columns = AxisTaps(from: shape[2], to: width, mode: mode)
    let (batch, sourceWidth, channels) = (shape[0], shape[2], shape[3])
    let picture = shape[1] * sourceWidth * channels
    let row = width * channels
    let operations = batch * height * row * 8
    let source = detached
    let own = shape
    let result = Tensor(shape: [batch, height, width, channels]) { y in
      source.withPointer { x in
        Parallel.forEachRange(batch * height, operations: operations) { range in
          rows.withTaps { rows in
            columns.withTaps { columns in
              for index in range {
                let first = index % height
                kernel_interpolate(
                  &rows, &columns, sourceWidth, channels, first, first + 1,
                  x + index / height * picture, y + index * row)
              }
            }
          }
        }
      }
    }
    return result.recorded(from: [self]) { gradient, _ in
      [
        Tensor(shape: own) { dx in
          dx.update(repeating: 0, count: own.elementCount)
          gradient.withPointer { dy in
            let blocks = (channels + 63) / 64
            Parallel.forEachRange(batch * blocks, operations: operations) { range in
              rows.withTaps { rows in
                columns.withTaps { columns in
                  for piece in range {
                    let (index, first) = (piece / blocks, piece % blocks * 64)
                    kernel_interpolate_backward(
                      &rows, &columns, sourceWidth, channels, first, min(channels, first + 64),
                      dy + index * height * row, dx + index * picture)
                  }
                }
              }
            }
          }
        }
      ]
    }
  }
}

/// For each position along one axis of the result its two sources and the weight of the second.
private struct AxisTaps: Sendable {
  let low: [Int32]
  let high: [Int32]
  let weight: [Float]

  init(from: Int, to: Int, mode: Interpolation) {
    let places: [(low: Int, high: Int, weight: Float)] = (0..<to).map { position in
      switch mode {
      case .nearest:
        let index = min(from - 1, Int(Float(position) * (Float(from) / Float(to))))
        return (index, index, 0)
      case .bilinear(let alignCorners):
        let place: Float =
          alignCorners
          ? (to > 1 ? Float(position) * (Float(from - 1) / Float(to - 1)) : 0)
          : max(0, (Float(position) + 0.5) * (Float(from) / Float(to)) - 0.5)
        let low = min(from - 1, Int(place))
        // At the border both are the same element and share its weight.
        return (low, min(from - 1, low + 1), place - Float(low))
      }
    }
    low = places.map { Int32($0.low) }
    high = places.map { Int32($0.high) }
    weight = places.map(\.weight)
  }

  /// Calls `body` with the pointers in place.
  func withTaps(_ body: (inout kernel_taps) -> Void) {
    low.withUnsafeBufferPointer { low in
      high.withUnsafeBufferPointer { high in
        weight.withUnsafeBufferPointer { weight in
          var taps = kernel_taps(
            count: low.count, low: low.baseAddress, high: high.baseAddress,
            weight: weight.baseAddress)
          body(&taps)
        }
      }
    }
  }
}
