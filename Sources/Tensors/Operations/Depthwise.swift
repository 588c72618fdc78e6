import CKernels

// A convolution with one kernel for every channel, computed directly, many channels at a time.

/// - Parameters:
///   - x: `[batch, height, width, channels]`
///   - weight: `[kernel height * kernel width, channels]`
func depthwise(
  _ x: Tensor, _ weight: Tensor, _ epilogue: Epilogue, plan: ConvolutionPlan
) -> Tensor {
  let row = plan.resultWidth * plan.channels
  return Tensor(shape: plan.resultShape) { result in
    x.withPointer { x in
      weight.withPointer { weight in
        nonisolated(unsafe) let (x, weight, result) = (x, weight, result)
        Parallel.forEachRange(plan.batch * plan.resultHeight, operations: plan.operations) { rows in
          var window = plan.window(channels: plan.channels)
          for index in rows {
            let first = index % plan.resultHeight
            kernel_depthwise(
              &window, first, first + 1, x + index / plan.resultHeight * plan.pictureCount, weight,
              result + index * row)
            epilogue.apply(
              to: result, offset: index * row, channels: plan.channels, rows: plan.resultWidth)
          }
        }
      }
    }
  }
}

func depthwiseInputGradient(_ gradient: Tensor, weight: Tensor, plan: ConvolutionPlan) -> Tensor {
  let weight = weight.depthwiseKernels
  let count = plan.resultHeight * plan.resultWidth * plan.channels
  return Tensor(shape: plan.shape) { dx in
    dx.update(repeating: 0, count: plan.shape.elementCount)
    gradient.withPointer { dy in
      weight.withPointer { weight in
        nonisolated(unsafe) let (dy, weight, dx) = (dy, weight, dx)
        let blocks = plan.channelBlocks
        Parallel.forEach(plan.batch * blocks, operations: plan.operations) { piece in
          var window = plan.window(channels: plan.channels)
          let channels = plan.channels(ofBlock: piece % blocks)
          kernel_depthwise_input(
            &window, channels.lowerBound, channels.upperBound, dy + piece / blocks * count, weight,
            dx + piece / blocks * plan.pictureCount)
        }
      }
    }
  }
}

/// Each channel sums over the pictures in their order.
func depthwiseWeightGradient(_ x: Tensor, _ gradient: Tensor, plan: ConvolutionPlan) -> Tensor {
  let taps = plan.kernelHeight * plan.kernelWidth
  let count = plan.resultHeight * plan.resultWidth * plan.channels
  let sums = Tensor(shape: [taps, plan.channels]) { result in
    result.update(repeating: 0, count: taps * plan.channels)
    x.withPointer { x in
      gradient.withPointer { dy in
        nonisolated(unsafe) let (x, dy, result) = (x, dy, result)
        Parallel.forEach(plan.channelBlocks, operations: plan.operations) { piece in
          var window = plan.window(channels: plan.channels)
          let channels = plan.channels(ofBlock: piece)
          for picture in 0..<plan.batch {
            kernel_depthwise_weight(
              &window, channels.lowerBound, channels.upperBound, x + picture * plan.pictureCount,
              dy + picture * count, result)
          }
        }
      }
    }
  }
  return sums.transposed([1, 0])
    .reshaped([plan.channels, 1, plan.kernelHeight, plan.kernelWidth])
}

extension ConvolutionPlan {
  /// Numbers in one picture.
  fileprivate var pictureCount: Int { height * width * channels }

  /// Blocks of neighbouring channels, which share nothing.
  fileprivate var channelBlocks: Int { (channels + 31) / 32 }

  fileprivate func channels(ofBlock block: Int) -> Range<Int> {
    block * 32..<min(channels, (block + 1) * 32)
  }
}

extension Tensor {
  /// Kernels `[channels, 1, height, width]` as `[height * width, channels]`.
  var depthwiseKernels: Tensor {
    reshaped([shape[0], shape[2] * shape[3]]).transposed([1, 0])
  }
}
