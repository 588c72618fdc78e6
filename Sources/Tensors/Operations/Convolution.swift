import CKernels

/// Two-dimensional convolution (torch.nn.functional.conv2d).
///
/// - Parameters:
///   - x: `[batch, channels, height, width]`
///   - weight: `[outputs, channels / groups, kernel height, kernel width]`
///   - bias: `[outputs]`
public func convolution2d(
  _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Padding = 0,
  dilation: Int = 1, groups: Int = 1
) -> Tensor {
  convolution(
    x, weight: weight, scale: nil, shift: bias, residual: nil, activation: .none,
    plan: ConvolutionPlan(
      x.shape, weight: weight.shape, stride: stride, padding: padding, dilation: dilation,
      groups: groups))
}

/// A convolution and what usually follows it, in one pass over the result:
/// `activation(scale * conv(x) + shift + residual)`.
///
/// Scale and shift are a batch normalisation with fixed statistics.
///
/// - Parameters:
///   - x: `[batch, channels, height, width]`
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
    plan: ConvolutionPlan(
      x.shape, weight: weight.shape, stride: stride, padding: padding, dilation: dilation,
      groups: groups))
}

private func convolution(
  _ x: Tensor, weight: Tensor, scale: Tensor?, shift: Tensor?, residual: Tensor?,
  activation: Activation, plan: ConvolutionPlan
) -> Tensor {
  let outputs = weight.shape[0]
  for vector in [scale, shift] where vector != nil {
    precondition(
      vector!.shape == [outputs], "\(vector!.shape) numbers for \(outputs) output channels")
  }
  precondition(
    residual == nil || residual!.shape == plan.resultShape,
    "a residual of \(residual?.shape ?? []) for a result of \(plan.resultShape)")
  let inputs = [x, weight] + [scale, shift, residual].compactMap { $0 }
  let (x, weight, scale) = (x.detached, weight.detached, scale?.detached)
  let result = forward(
    x, weight, scale: scale, shift: shift, residual: residual, activation: activation, plan: plan)
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

private func forward(
  _ x: Tensor, _ weight: Tensor, scale: Tensor?, shift: Tensor?, residual: Tensor?,
  activation: Activation, plan: ConvolutionPlan
) -> Tensor {
  let epilogue = Epilogue(scale: scale, shift: shift, residual: residual, activation: activation)
  return Tensor(shape: plan.resultShape) { result in
    if plan.patch == 0 || plan.positions == 0 || plan.batch == 0 {
      result.update(repeating: 0, count: plan.resultShape.elementCount)
    }
    x.withPointer { x in
      weight.withPointer { weight in
        nonisolated(unsafe) let (x, weight, result) = (x, weight, result)
        if plan.isDepthwise {
          depthwise(x, weight, epilogue, into: result, plan: plan)
          return
        }
        if plan.outputParts > 1 && !plan.isPointwise {
          forwardOfFew(x, weight, epilogue, into: result, plan: plan)
          return
        }
        let parts = plan.outputParts
        let pieces = plan.batch * plan.groups * plan.blocks * parts
        Parallel.forEach(pieces, operations: plan.operations) { piece in
          let part = piece % parts
          let block = piece / parts % plan.blocks
          let group = piece / parts / plan.blocks
          let rows = plan.rows(ofBlock: block)
          let picture = x + group * plan.inputs * plan.height * plan.width
          func run(_ patches: Factor) {
            product(
              weight, patches, group: group, rows: rows, part: part, of: parts, epilogue,
              into: result, plan: plan)
          }
          if plan.isPointwise {
            run(Factor(picture + rows.lowerBound * plan.width, stride: plan.positions))
          } else {
            let columns = rows.count * plan.resultWidth
            plan.withScratch(plan.patch * columns) { patches in
              plan.unfold(picture, channels: 0..<plan.inputs, rows: rows, into: patches)
              run(Factor(patches, stride: columns))
            }
          }
        }
      }
    }
  }
}

/// The forward pass of few blocks: all patches are unfolded first, by channels, and the product is
/// then cut by output channels.
private func forwardOfFew(
  _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ epilogue: Epilogue,
  into result: UnsafeMutablePointer<Float>, plan: ConvolutionPlan
) {
  nonisolated(unsafe) let (x, weight, result) = (x, weight, result)
  let kernel = plan.kernelHeight * plan.kernelWidth
  for group in 0..<plan.batch * plan.groups {
    for block in 0..<plan.blocks {
      let rows = plan.rows(ofBlock: block)
      let columns = rows.count * plan.resultWidth
      plan.withScratch(plan.patch * columns) { patches in
        nonisolated(unsafe) let patches = patches
        let parts = min(8, plan.inputs)
        Parallel.forEach(parts, operations: plan.patch * columns * 8) { part in
          let channels = plan.channels(ofInputPart: part, of: parts)
          plan.unfold(
            x + group * plan.inputs * plan.height * plan.width, channels: channels, rows: rows,
            into: patches + channels.lowerBound * kernel * columns)
        }
        let outputParts = plan.outputParts
        Parallel.forEach(outputParts, operations: plan.operations) { part in
          product(
            weight, Factor(patches, stride: columns), group: group, rows: rows, part: part,
            of: outputParts, epilogue, into: result, plan: plan)
        }
      }
    }
  }
}

/// One block of the result: weights times patches, and the epilogue while the block is hot.
private func product(
  _ weight: UnsafePointer<Float>, _ patches: Factor, group: Int, rows: Range<Int>, part: Int,
  of parts: Int, _ epilogue: Epilogue, into result: UnsafeMutablePointer<Float>,
  plan: ConvolutionPlan
) {
  let outputs = part * plan.outputs / parts..<(part + 1) * plan.outputs / parts
  let within = group % plan.groups * plan.outputs
  let columns = rows.count * plan.resultWidth
  let offset =
    (group * plan.outputs + outputs.lowerBound) * plan.positions
    + rows.lowerBound * plan.resultWidth
  multiply(
    ProductSize(rows: outputs.count, columns: columns, inner: plan.patch),
    Factor(weight + (within + outputs.lowerBound) * plan.patch, stride: plan.patch), patches,
    into: result + offset, stride: plan.positions)
  epilogue.apply(
    to: result, offset: offset, firstChannel: within + outputs.lowerBound, channels: outputs.count,
    columns: columns, stride: plan.positions)
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
  let (batch, channels) = (gradient.shape[0], gradient.shape[1])
  let rows = gradient.reshaped([batch * channels, gradient.count / max(batch * channels, 1)])
  return rows.sum(axes: [1]).reshaped([batch, channels]).sum(axes: [0])
}
