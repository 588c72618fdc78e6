/// A batch normalisation with fixed statistics: one factor and one offset a channel.
///
/// After a convolution use the fused `convolution2d(…, scale:, shift:)` instead.
///
/// - Parameters:
///   - x: `[batch, height, width, channels]`
///   - scale: `weight / sqrt(variance + epsilon)`, `[channels]`
///   - shift: `bias - mean * scale`, `[channels]`
public func frozenBatchNorm(_ x: Tensor, scale: Tensor, shift: Tensor) -> Tensor {
  precondition(
    x.rank == 4 && scale.shape == [x.shape[3]] && shift.shape == scale.shape,
    "a batch normalisation of \(x.shape) with \(scale.shape) factors and \(shift.shape) offsets")
  return x * scale + shift
}
