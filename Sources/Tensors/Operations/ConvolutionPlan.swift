import CKernels

/// The extents of a two-dimensional convolution and how its work is cut.
///
/// A convolution is a matrix product of the pictures' patches `[positions, patch]` and the weights
/// `[patch, outputs]` (im2col). A patch is read kernel row by kernel row, its channels innermost, as
/// the pictures are. The patches of a whole picture would not fit into the cache, so they are
/// read through pointers or made for a block of positions at a time. The cut depends on the extents
/// alone.
struct ConvolutionPlan {
  let batch: Int
  let groups: Int
  /// Channels of one group.
  let inputs: Int
  let outputs: Int
  let height: Int
  let width: Int
  let kernelHeight: Int
  let kernelWidth: Int
  let stride: Int
  /// Zeros above and at the left.
  let top: Int
  let left: Int
  let dilation: Int
  let resultHeight: Int
  let resultWidth: Int

  init(_ x: Shape, weight: Shape, _ geometry: ConvolutionGeometry) {
    let (stride, dilation, groups) = (geometry.stride, geometry.dilation, geometry.groups)
    let padding = geometry.padding
    precondition(
      x.count == 4 && weight.count == 4 && groups > 0 && weight.elementCount > 0
        && x[3] == weight[1] * groups
        && weight[0] % groups == 0,
      "a convolution of \(x) with weights \(weight) in \(groups) groups does not fit")
    precondition(
      stride > 0 && dilation > 0,
      "a convolution cannot have stride \(stride), dilation \(dilation)")
    batch = x[0]
    self.groups = groups
    inputs = weight[1]
    outputs = weight[0] / groups
    height = x[1]
    width = x[2]
    kernelHeight = weight[2]
    kernelWidth = weight[3]
    self.stride = stride
    self.dilation = dilation
    let rows = padding.zeros(
      extent: height, kernel: kernelHeight, stride: stride, dilation: dilation)
    let columns = padding.zeros(
      extent: width, kernel: kernelWidth, stride: stride, dilation: dilation)
    let paddedHeight = height + rows.before + rows.after
    let paddedWidth = width + columns.before + columns.after
    precondition(
      rows.before >= 0 && paddedHeight > dilation * (kernelHeight - 1)
        && paddedWidth > dilation * (kernelWidth - 1),
      "a \(kernelHeight)x\(kernelWidth) kernel does not fit into a picture of \(x)")
    top = rows.before
    left = columns.before
    resultHeight = (paddedHeight - dilation * (kernelHeight - 1) - 1) / stride + 1
    resultWidth = (paddedWidth - dilation * (kernelWidth - 1) - 1) / stride + 1
  }

  /// Numbers in one patch.
  var patch: Int { inputs * kernelHeight * kernelWidth }
  /// Channels of the pictures.
  var channels: Int { groups * inputs }
  /// Channels of the result.
  var resultChannels: Int { groups * outputs }
  /// Positions of the result, in all pictures.
  var positions: Int { batch * resultHeight * resultWidth }
  var shape: Shape { [batch, height, width, channels] }
  var resultShape: Shape { [batch, resultHeight, resultWidth, resultChannels] }
  /// The patches are the pictures themselves.
  var isPointwise: Bool {
    kernelHeight == 1 && kernelWidth == 1 && stride == 1
      && resultHeight == height && resultWidth == width
  }
  /// Every channel has a kernel of its own, so there is nothing for a matrix product to share.
  var isDepthwise: Bool { inputs == 1 && outputs == 1 && groups > 1 }
  /// Multiply-adds of the whole convolution.
  var operations: Int { resultChannels * patch * positions }

  /// The convolution that gives the gradient of this one's input, of stride 1, from that of its
  /// result: with the kernels turned, and inputs and outputs in each other's place.
  var gradientPlan: ConvolutionPlan {
    precondition(stride == 1, "the gradient of stride \(stride) is no convolution")
    return ConvolutionPlan(gradientOf: self)
  }

  private init(gradientOf plan: ConvolutionPlan) {
    batch = plan.batch
    groups = plan.groups
    (inputs, outputs) = (plan.outputs, plan.inputs)
    (height, width) = (plan.resultHeight, plan.resultWidth)
    (kernelHeight, kernelWidth) = (plan.kernelHeight, plan.kernelWidth)
    (stride, dilation) = (1, plan.dilation)
    top = dilation * (kernelHeight - 1) - plan.top
    left = dilation * (kernelWidth - 1) - plan.left
    (resultHeight, resultWidth) = (plan.height, plan.width)
  }

  /// What the result sees of the pictures' first `channels` channels.
  func window(channels: Int) -> kernel_window {
    kernel_window(
      channels: channels, pixel: self.channels, height: height, width: width,
      kernel_height: kernelHeight, kernel_width: kernelWidth, stride: stride, dilation: dilation,
      top: top, left: left, rows: resultHeight, columns: resultWidth)
  }
}
