import CKernels

// A convolution whose groups have one input channel each, computed directly: each plane of the
// result reads one plane of the picture with one small kernel.

func depthwise(
  _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ epilogue: Epilogue,
  into result: UnsafeMutablePointer<Float>, plan: ConvolutionPlan
) {
  let channels = plan.groups * plan.outputs
  Parallel.forEachRange(plan.batch * channels, operations: 4 * plan.operations) { planes in
    var window = plan.window(channels: 1, rows: 0..<plan.resultHeight)
    for plane in planes {
      let channel = plane % channels
      let offset = plane * plan.positions
      kernel_depthwise(
        &window, x + plane / plan.outputs * plan.height * plan.width,
        weight + channel * plan.patch, result + offset)
      epilogue.apply(
        to: result, offset: offset, firstChannel: channel, channels: 1, columns: plan.positions,
        stride: plan.positions)
    }
  }
}

func depthwiseInputGradient(
  _ gradient: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
  into result: UnsafeMutablePointer<Float>, plan: ConvolutionPlan
) {
  let area = plan.height * plan.width
  Parallel.forEachRange(plan.batch * plan.groups, operations: 4 * plan.operations) { planes in
    var window = plan.window(channels: 1, rows: 0..<plan.resultHeight)
    for plane in planes {
      let target = result + plane * area
      target.update(repeating: 0, count: area)
      for output in 0..<plan.outputs {
        kernel_depthwise_input(
          &window, gradient + (plane * plan.outputs + output) * plan.positions,
          weight + (plane % plan.groups * plan.outputs + output) * plan.patch, target)
      }
    }
  }
}

/// Each channel sums over the pictures in their order.
func depthwiseWeightGradient(
  _ x: Tensor, _ gradient: Tensor, shape: Shape, plan: ConvolutionPlan
) -> Tensor {
  let channels = plan.groups * plan.outputs
  return Tensor(shape: shape) { result in
    result.update(repeating: 0, count: shape.elementCount)
    x.withPointer { x in
      gradient.withPointer { gradient in
        Parallel.forEachRange(channels, operations: 4 * plan.operations) { range in
          var window = plan.window(channels: 1, rows: 0..<plan.resultHeight)
          for channel in range {
            for picture in 0..<plan.batch {
              let plane = picture * plan.groups + channel / plan.outputs
              kernel_depthwise_weight(
                &window, x + plane * plan.height * plan.width,
                gradient + (picture * channels + channel) * plan.positions,
                result + channel * plan.patch)
            }
          }
        }
      }
    }
  }
}
