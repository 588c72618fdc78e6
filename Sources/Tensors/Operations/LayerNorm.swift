import CKernels

/// Layer normalisation over the last axis (Ba, Kiros, Hinton, 2016).
///
/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias, with the biased variance.
///
/// - Parameters:
///   - x: [..., width].
///   - weight: [width].
///   - bias: [width].
///   - epsilon: added to the variance.
public func layerNorm(_ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float) -> Tensor {
  let (rows, width) = (x.rows, x.width)
  precondition(
    weight.shape == [width] && bias.shape == [width],
    "layer norm of \(x.shape) with a weight of \(weight.shape) and a bias of \(bias.shape)")
  let means = Storage(count: rows)
  let scales = Storage(count: rows)
  let output = Tensor(shape: x.shape) { y in
    x.withPointer { x in
      weight.withPointer { weight in
        bias.withPointer { bias in
          forEachPiece(rows: rows, width: width) { first, count in
            let start = first * width
            kernel_layer_norm(
              count, width, x + start, weight, bias, epsilon, y + start, means.pointer + first,
              scales.pointer + first)
          }
        }
      }
    }
  }
  let (input, factor) = (x.detached, weight.detached)
  return output.recorded(from: [x, weight, bias]) { gradient, _ in
    layerNormPullback(input, factor, means, scales, gradient)
  }
}

/// The gradients of x, weight and bias. Each piece of rows, cut by the shape alone, sums its part
/// of the latter two; the parts are added in their order.
private func layerNormPullback(
  _ x: Tensor, _ weight: Tensor, _ means: Storage, _ scales: Storage, _ gradient: Tensor
) -> [Tensor?] {
  let (rows, width) = (x.rows, x.width)
  let grain = x.count < parallelThreshold ? max(rows, 1) : rowGrain(width)
  let pieces = max(1, (rows + grain - 1) / grain)
  let dWeights = Storage(count: pieces * width)
  let dBiases = Storage(count: pieces * width)
  let dx = Tensor(shape: x.shape) { dx in
    x.withPointer { x in
      weight.withPointer { weight in
        gradient.withPointer { gradient in
          Parallel.forEach(pieces) { piece in
            let first = piece * grain
            let start = first * width
            kernel_layer_norm_backward(
              min(grain, rows - first), width, x + start, weight, means.pointer + first,
              scales.pointer + first, gradient + start, dx + start,
              dWeights.pointer + piece * width, dBiases.pointer + piece * width)
          }
        }
      }
    }
  }
  let parts = [dWeights, dBiases].map { Tensor(shape: [pieces, width], storage: $0) }
  return [dx] + parts.map { $0.summed(to: [width]) }
}
