import CKernels

/// The gradient of a convolution with respect to its input.
///
/// - Parameters:
///   - gradient: of the result, `[batch, outputs, height, width]`
///   - weight: the weights with the scale already in them.
func inputGradient(_ gradient: Tensor, weight: Tensor, plan: ConvolutionPlan) -> Tensor {
  let shape = [plan.batch, plan.groups * plan.inputs, plan.height, plan.width]
  let parts = plan.isPointwise ? 1 : plan.inputParts
  return Tensor(shape: shape) { result in
    gradient.withPointer { gradient in
      weight.withPointer { weight in
        nonisolated(unsafe) let (gradient, weight, result) = (gradient, weight, result)
        if plan.isDepthwise {
          depthwiseInputGradient(gradient, weight, into: result, plan: plan)
          return
        }
        let pieces = plan.batch * plan.groups
        if plan.isPointwise {
          let blocks = plan.batch * plan.groups >= 4 ? 1 : plan.blocks
          Parallel.forEach(pieces * blocks, operations: plan.operations) { piece in
            let group = piece / blocks
            let rows = blocks == 1 ? 0..<plan.resultHeight : plan.rows(ofBlock: piece % blocks)
            let start = rows.lowerBound * plan.width
            multiply(
              ProductSize(
                rows: plan.patch, columns: rows.count * plan.width, inner: plan.outputs),
              Factor(
                weight + group % plan.groups * plan.outputs * plan.patch, stride: plan.patch,
                transposed: true),
              Factor(
                gradient + group * plan.outputs * plan.positions + start, stride: plan.positions),
              into: result + group * plan.inputs * plan.positions + start, stride: plan.positions)
          }
          return
        }
        Parallel.forEach(pieces * parts, operations: plan.operations) { piece in
          inputGradient(
            gradient, weight, group: piece / parts,
            channels: plan.channels(ofInputPart: piece % parts, of: parts), into: result,
            plan: plan)
        }
      }
    }
  }
}

/// One picture's (and group's) gradient for some of its channels.
private func inputGradient(
  _ gradient: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, group: Int,
  channels: Range<Int>, into result: UnsafeMutablePointer<Float>, plan: ConvolutionPlan
) {
  let kernel = plan.kernelHeight * plan.kernelWidth
  let picture = result + group * plan.inputs * plan.height * plan.width
  let area = plan.height * plan.width
  (picture + channels.lowerBound * area).update(repeating: 0, count: channels.count * area)
  let patch = channels.count * kernel
  plan.withScratch(patch * plan.blockRows * plan.resultWidth) { patches in
    for block in 0..<plan.blocks {
      let rows = plan.rows(ofBlock: block)
      let columns = rows.count * plan.resultWidth
      multiply(
        ProductSize(rows: patch, columns: columns, inner: plan.outputs),
        Factor(
          weight + group % plan.groups * plan.outputs * plan.patch + channels.lowerBound * kernel,
          stride: plan.patch, transposed: true),
        Factor(
          gradient + group * plan.outputs * plan.positions + rows.lowerBound * plan.resultWidth,
          stride: plan.positions),
        into: patches, stride: columns)
      plan.fold(patches, channels: channels, rows: rows, into: picture)
    }
  }
}

/// The gradient of a convolution with respect to its weights, were there no scale.
///
/// Pictures are summed up in a fixed number of parts, the parts in their order: the bits do not
/// depend on the threads.
func weightGradient(_ x: Tensor, _ gradient: Tensor, plan: ConvolutionPlan) -> Tensor {
  let shape = [plan.groups * plan.outputs, plan.inputs, plan.kernelHeight, plan.kernelWidth]
  if plan.isDepthwise { return depthwiseWeightGradient(x, gradient, shape: shape, plan: plan) }
  let count = shape.elementCount
  let byPicture = plan.batch >= 4
  let parts = byPicture ? 4 : 1
  let channelParts = byPicture ? 1 : plan.inputParts
  let sums = Storage(count: parts * count)
  sums.pointer.update(repeating: 0, count: parts * count)
  x.withPointer { x in
    gradient.withPointer { gradient in
      nonisolated(unsafe) let (x, gradient) = (x, gradient)
      Parallel.forEach(parts * channelParts, operations: plan.operations) { piece in
        let part = piece / channelParts
        let channels = plan.channels(ofInputPart: piece % channelParts, of: channelParts)
        for picture in part * plan.batch / parts..<(part + 1) * plan.batch / parts {
          for group in 0..<plan.groups {
            addWeightGradient(
              x, gradient, group: picture * plan.groups + group, channels: channels,
              into: sums.pointer + part * count, plan: plan)
          }
        }
      }
    }
  }
  return Tensor(shape: shape) { result in
    result.update(from: sums.pointer, count: count)
    for part in 1..<max(parts, 1) where part < parts {
      kernel_accumulate(count, sums.pointer + part * count, result)
    }
  }
}

private func addWeightGradient(
  _ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, group: Int, channels: Range<Int>,
  into sums: UnsafeMutablePointer<Float>, plan: ConvolutionPlan
) {
  let kernel = plan.kernelHeight * plan.kernelWidth
  let patch = channels.count * kernel
  let picture = x + group * plan.inputs * plan.height * plan.width
  let target =
    sums + group % plan.groups * plan.outputs * plan.patch + channels.lowerBound * kernel
  let incoming = gradient + group * plan.outputs * plan.positions
  func add(_ patches: Factor, rows: Range<Int>) {
    multiply(
      ProductSize(rows: plan.outputs, columns: patch, inner: rows.count * plan.resultWidth),
      Factor(incoming + rows.lowerBound * plan.resultWidth, stride: plan.positions), patches,
      adding: true, into: target, stride: plan.patch)
  }
  if plan.isPointwise {
    add(
      Factor(
        picture + channels.lowerBound * plan.positions, stride: plan.positions, transposed: true),
      rows: 0..<plan.resultHeight)
    return
  }
  plan.withScratch(patch * plan.blockRows * plan.resultWidth) { patches in
    for block in 0..<plan.blocks {
      let rows = plan.rows(ofBlock: block)
      plan.unfold(picture, channels: channels, rows: rows, into: patches)
      add(Factor(patches, stride: rows.count * plan.resultWidth, transposed: true), rows: rows)
    }
  }
}
