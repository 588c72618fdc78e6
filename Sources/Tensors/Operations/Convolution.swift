import CKernels

/// Two-dimensional convolution (torch.nn.functional.conv2d).
///
/// - Parameters:
///   - x: `[batch, height, width, channels]`
///   - weight: `[outputs, channels / groups, kernel height, kernel width]`
///   - bias: `[outputs]`
public func convolution2d(
  _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Padding = 0,
  dilation: Int = 1, groups: Int = 1
) -> Tensor {
  convolution(
    x, weight: weight, scale: nil, shift: bias, residual: nil, activation: .none,
    ConvolutionGeometry(stride: stride, padding: padding, dilation: dilation, groups: groups))
}

/// A convolution and what usually follows it, in one pass over the result:
/// `activation(scale * conv(x) + shift + residual)`.
///
/// Scale and shift are a batch normalisation with fixed statistics.
///
/// - Parameters:
///   - x: `[batch, height, width, channels]`
///   - weight: `[outputs, channels / groups, kernel height, kernel width]`
///   - scale: `[outputs]`
///   - shift: `[outputs]`
///   - residual: of the result's shape, added before the activation.
public func convolution2d(
  _ x: Tensor, weight: Tensor, scale: Tensor, shift: Tensor, residual: Tensor? = nil,
  activation: Activation = .none, stride: Int = 1, padding: Padding = 0, dilation: Int = 1,
  groups: Int = 1
) -> Tensor {
  convolution(
    x, weight: weight, scale: scale, shift: shift, residual: residual, activation: activation,
    ConvolutionGeometry(stride: stride, padding: padding, dilation: dilation, groups: groups))
}

private func convolution(
  _ x: Tensor, weight: Tensor, scale: Tensor?, shift: Tensor?, residual: Tensor?,
  activation: Activation, _ geometry: ConvolutionGeometry
) -> Tensor {
  let plan = ConvolutionPlan(x.shape, weight: weight.shape, geometry)
  let inputs = [x, weight] + [scale, shift, residual].compactMap { $0 }
  let (x, weight, scale) = (x.detached, weight.detached, scale?.detached)
  let result = plan.run(
    FeatureMap(x),
    PackedConvolution(weight: weight, scale: scale, shift: shift, geometry, lasts: false),
    residual: residual.map { FeatureMap($0) }, activation: activation, rounds: false
  ).tensor
  // The result itself is needed only to know where the activation let something through.
  let kept = activation.limits.low == -.infinity ? nil : result
  let hasShift = shift != nil
  let hasResidual = residual != nil
  return result.recorded(from: inputs) { gradient, needed in
    // What the activation let through; it also is the gradient of residual and shift.
    let passed = kept.map { masked(gradient, where: $0, lies: activation) } ?? gradient
    let wantsWeight = needed[1] || (scale != nil && needed[2])
    let effective = wantsWeight ? weightGradient(x, passed, plan: plan) : nil
    var gradients: [Tensor?] = [
      needed[0] ? inputGradient(passed, weight: scaled(weight, by: scale), plan: plan) : nil,
      needed[1] ? effective.map { scaled($0, by: scale) } : nil,
    ]
    if scale != nil {
      // Scaling the result is scaling the weights, so the scale's gradient follows from theirs;
      // the unscaled result need not be kept.
      gradients.append(needed[2] ? effective.map { rowProducts($0, weight) } : nil)
    }
    if hasShift { gradients.append(needed[gradients.count] ? channelSums(passed) : nil) }
    if hasResidual { gradients.append(passed) }
    return gradients
  }
}

/// The gradient where the activation passed its input on, zero elsewhere.
private func masked(_ gradient: Tensor, where result: Tensor, lies activation: Activation) -> Tensor
{
  let (low, high) = activation.limits
  let count = gradient.count
  return Tensor(shape: gradient.shape) { destination in
    result.withPointer { result in
      gradient.withPointer { gradient in
        nonisolated(unsafe) let (result, gradient, target) = (result, gradient, destination)
        Parallel.forEachRange(count, grain: 65_536) { range in
          let start = range.lowerBound
          kernel_pass_between(
            range.count, low, high, result + start, gradient + start, target + start)
        }
      }
    }
  }
}

/// Each output channel's weights times the channel's scale.
private func scaled(_ weight: Tensor, by scale: Tensor?) -> Tensor {
  guard let scale else { return weight }
  let columns = weight.count / max(weight.shape[0], 1)
  return (weight.reshaped([weight.shape[0], columns]) * scale.reshaped([scale.count, 1]))
    .reshaped(weight.shape)
}

/// For each output channel the sum of products of two weights.
private func rowProducts(_ a: Tensor, _ b: Tensor) -> Tensor {
  (a * b).reshaped([a.shape[0], a.count / max(a.shape[0], 1)]).sum(axes: [1])
}

/// Sum over pictures and positions of each channel.
private func channelSums(_ gradient: Tensor) -> Tensor {
  let channels = gradient.shape[3]
  let rows = gradient.count / max(channels, 1)
  return Tensor(shape: [channels]) { sums in
    gradient.withPointer { kernel_column_sums(rows, channels, $0, sums) }
  }
}
