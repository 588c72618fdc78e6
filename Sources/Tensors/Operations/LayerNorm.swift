import CKernels

/// Layer normalisation over the last axis (Ba, Kiros, Hinton, 2016), of a sum where there is a
/// residual: one pass instead of two.
///
/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias, with the biased variance.
///
/// - Parameters:
///   - x: [..., width].
///   - residual: added to x first, [..., width]; nil for none.
///   - weight: [width].
///   - bias: [width].
///   - epsilon: added to the variance.
public func layerNorm(
  _ x: Tensor, plus residual: Tensor? = nil, weight: Tensor, bias: Tensor, epsilon: Float
) -> Tensor {
  let (rows, width) = (x.rows, x.width)
  precondition(
    weight.shape == [width] && bias.shape == [width],
    "layer norm of \(x.shape) with a weight of \(weight.shape) and a bias of \(bias.shape)")
  precondition(
    residual == nil || residual!.shape == x.shape,
    "layer norm of \(x.shape) plus a residual of \(residual!.shape)")
  let inputs = [x] + (residual.map { [$0] } ?? []) + [weight, bias]
  let isRecorded = inputs.contains(where: \.isRecorded)
  // The pullback reads what was normalised.
  let sum = residual == nil || !isRecorded ? nil : Storage(count: x.count)
  let means = Storage(count: rows)
  let scales = Storage(count: rows)
  let output = Tensor(shape: x.shape) { y in
    withExtendedLifetime((x, residual, weight, bias)) {
      let (from, added) = (x.storage.pointer, residual?.storage.pointer)
      forEachPiece(rows: rows, width: width) { first, count in
        let start = first * width
        kernel_layer_norm(
          count, width, from + start, added.map { $0 + start }, weight.storage.pointer,
          bias.storage.pointer, epsilon, sum.map { $0.pointer + start }, y + start,
          means.pointer + first, scales.pointer + first)
      }
    }
  }
  let normalized = sum.map { Tensor(shape: x.shape, storage: $0) } ?? x.detached
  let factor = weight.detached
  let isSum = residual != nil
  return output.recorded(from: inputs) { gradient, _ in
    let gradients = layerNormPullback(normalized, factor, means, scales, gradient)
    return (isSum ? [gradients[0]] : []) + gradients
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
