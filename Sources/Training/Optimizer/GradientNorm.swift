import CKernels
import Tensors

/// The L2 norm of all gradients taken together, as one long vector.
///
/// The sum is taken in double and in the order of the list, so the same gradients give the same
/// bits on any number of threads. Not finite when any gradient is not.
public func globalNorm(of gradients: [Tensor]) -> Float {
  let cut = ParameterPieces(counts: gradients.map(\.count))
  var sums = [Double](repeating: 0, count: cut.pieces.count)
  sums.withUnsafeMutableBufferPointer { sums in
    nonisolated(unsafe) let sums = sums
    cut.forEach { index, piece in
      gradients[piece.tensor].withPointer { values in
        sums[index] = kernel_sum_of_squares(piece.range.count, values + piece.range.lowerBound)
      }
    }
  }
  return Float(sums.reduce(0, +).squareRoot())
}

/// The factor that brings gradients of this norm down to `maximum`, 1 where they already are.
///
/// Mirrors `torch.nn.utils.clip_grad_norm_`: `min(1, maximum / (norm + 1e-6))`.
public func clippingScale(norm: Float, maximum: Float) -> Float {
  min(1, maximum / (norm + 1e-6))
}
