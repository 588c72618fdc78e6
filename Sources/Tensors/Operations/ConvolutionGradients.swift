import CKernels

/// The gradient of a convolution with respect to its input.
///
/// - Parameters:
///   - gradient: of the result, `[batch, height, width, outputs]`
///   - weight: the weights with the scale already in them.
func inputGradient(_ gradient: Tensor, weight: Tensor, plan: ConvolutionPlan) -> Tensor {
  if plan.isDepthwise { return depthwiseInputGradient(gradient, weight: weight, plan: plan) }
  guard plan.stride == 1 else {
    return foldedInputGradient(gradient, weight: weight, plan: plan)
  }
  let back = plan.gradientPlan
  if back.usesWinograd {
    let nothing = Epilogue(shift: nil, residual: nil, activation: .none)
    return back.winograd(gradient, panels: back.winogradPanels(weight, turned: true), nothing)
  }
  let panels = back.directPanels(weight, turned: true)
  return back.direct(FeatureMap(gradient), .floats(panels, inner: back.patch)).tensor
}

/// The gradients of the patches are a product, and are added to the pixels that they were read
/// from. Patches overlap: the pieces of this work are pictures, or blocks of channels of few.
private func foldedInputGradient(
  _ gradient: Tensor, weight: Tensor, plan: ConvolutionPlan
) -> Tensor {
  let parts = plan.batch * plan.groups < 4 && plan.inputs % 4 == 0 ? 4 : 1
  let inputs = plan.inputs / parts
  let patch = plan.patch / parts
  let kernel = [plan.kernelHeight, plan.kernelWidth]
  // For each part its channels' weights, `[outputs, kernel height, kernel width, inputs]`.
  let weight = weight.reshaped([plan.groups, plan.outputs, parts, inputs] + kernel)
    .transposed([0, 2, 1, 4, 5, 3])
  let area = plan.resultHeight * plan.resultWidth
  let height = max(256, 262_144 / max(patch, 1))
  return Tensor(shape: plan.shape) { dx in
    dx.update(repeating: 0, count: plan.shape.elementCount)
    gradient.withPointer { dy in
      weight.withPointer { weight in
        nonisolated(unsafe) let (dy, weight, dx) = (dy, weight, dx)
        let sections = plan.groups * parts
        Parallel.forEach(plan.batch * sections, operations: plan.operations) { piece in
          let (picture, section) = (piece / sections, piece % sections)
          var window = plan.window(channels: inputs)
          plan.withScratch(min(area, height) * patch) { patches in
            for start in stride(from: 0, to: area, by: height) {
              let count = min(area - start, height)
              let first = picture * area + start
              multiply(
                ProductSize(rows: count, columns: patch, inner: plan.outputs),
                Factor(
                  dy + first * plan.resultChannels + section / parts * plan.outputs,
                  stride: plan.resultChannels),
                Factor(weight + section * plan.outputs * patch, stride: patch), into: patches,
                stride: patch)
              kernel_fold(&window, first, first + count, patches, dx + section * inputs)
            }
          }
        }
      }
    }
  }
}

/// The gradient of a convolution with respect to its weights, were there no scale.
///
/// Positions are summed up in a fixed number of parts, the parts in their order: the bits do not
/// depend on the threads.
func weightGradient(_ x: Tensor, _ gradient: Tensor, plan: ConvolutionPlan) -> Tensor {
  if plan.isDepthwise { return depthwiseWeightGradient(x, gradient, plan: plan) }
  let count = plan.resultChannels * plan.patch
  // Many positions are cut; where the weights are more, the channels that they read are.
  let byPosition = plan.positions >= 4 * plan.patch
  let parts = byPosition ? 4 : 1
  let channelParts = !byPosition && plan.inputs % 4 == 0 ? 4 : 1
  let inputs = plan.inputs / channelParts
  let patch = plan.patch / channelParts
  let height = max(256, 262_144 / max(patch, 1))
  let sums = Storage(count: parts * count)
  sums.pointer.update(repeating: 0, count: parts * count)
  x.withPointer { x in
    gradient.withPointer { dy in
      nonisolated(unsafe) let (x, dy) = (x, dy)
      let sections = plan.groups * channelParts
      Parallel.forEach(parts * sections, operations: plan.operations) { piece in
        let (part, section) = (piece / sections, piece % sections)
        let last = (part + 1) * plan.positions / parts
        // `[outputs, kernel height, kernel width, inputs]` of the section's channels.
        let target = sums.pointer + part * count + section * plan.outputs * patch
        for start in stride(from: part * plan.positions / parts, to: last, by: height) {
          let end = min(start + height, last)
          plan.withPatches(of: x + section * inputs, channels: inputs, positions: start..<end) {
            multiply(
              ProductSize(rows: plan.outputs, columns: patch, inner: end - start),
              Factor(
                dy + start * plan.resultChannels + section / channelParts * plan.outputs,
                stride: plan.resultChannels, transposed: true), $0, adding: true, into: target,
              stride: patch)
          }
        }
      }
    }
  }
  let total = Tensor(
    shape: [plan.groups, channelParts, plan.outputs, plan.kernelHeight, plan.kernelWidth, inputs]
  ) { result in
    result.update(from: sums.pointer, count: count)
    for part in 1..<max(parts, 1) where part < parts {
      kernel_accumulate(count, sums.pointer + part * count, result)
    }
  }
  return total.transposed([0, 2, 1, 5, 3, 4])
    .reshaped([plan.resultChannels, plan.inputs, plan.kernelHeight, plan.kernelWidth])
}
