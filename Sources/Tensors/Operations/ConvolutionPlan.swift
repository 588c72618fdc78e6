/// The extents of a two-dimensional convolution and how its work is cut.
///
/// A convolution is a matrix product of the weights `[outputs, patch]` and the picture's patches
/// `[patch, positions]` (im2col). The patches of a whole picture would not fit into the cache, so
/// they are unfolded a few rows of the result at a time. The cut depends on the extents alone.
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

  init(
    _ x: Shape, weight: Shape, stride: Int, padding: Padding, dilation: Int, groups: Int
  ) {
    precondition(
      x.count == 4 && weight.count == 4 && groups > 0 && x[1] == weight[1] * groups
        && weight[0] % groups == 0,
      "a convolution of \(x) with weights \(weight) in \(groups) groups does not fit")
    precondition(
      stride > 0 && dilation > 0,
      "a convolution cannot have stride \(stride), dilation \(dilation)")
    batch = x[0]
    self.groups = groups
    inputs = weight[1]
    outputs = weight[0] / groups
    height = x[2]
    width = x[3]
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
  /// Positions of the result.
  var positions: Int { resultHeight * resultWidth }
  var resultShape: Shape { [batch, groups * outputs, resultHeight, resultWidth] }
  /// The patches are the picture itself.
  var isPointwise: Bool {
    kernelHeight == 1 && kernelWidth == 1 && stride == 1
      && resultHeight == height && resultWidth == width
  }
  /// Every group has one channel, so there is nothing for a matrix product to share.
  var isDepthwise: Bool { inputs == 1 && groups > 1 }
  /// Multiply-adds of the whole convolution.
  var operations: Int { batch * groups * outputs * patch * positions }

  /// Rows of the result whose patches are unfolded at a time: about 1 MB, balanced.
  var blockRows: Int {
    let wanted = max(256, 262_144 / max(patch, 1))
    let rows = max(1, wanted / max(resultWidth, 1))
    let blocks = (resultHeight + rows - 1) / rows
    return (resultHeight + max(blocks, 1) - 1) / max(blocks, 1)
  }
  var blocks: Int { (resultHeight + blockRows - 1) / max(blockRows, 1) }

  func rows(ofBlock block: Int) -> Range<Int> {
    block * blockRows..<min(resultHeight, (block + 1) * blockRows)
  }

  /// Parts into which the output channels are cut when pictures and blocks alone are too few to
  /// keep several threads busy.
  var outputParts: Int {
    batch * groups * blocks >= 4 ? 1 : max(1, min(4, outputs / 32))
  }

  /// Parts into which the input channels are cut in the backward pass of few pictures.
  var inputParts: Int { batch * groups >= 4 ? 1 : min(4, inputs) }

  func channels(ofInputPart part: Int, of parts: Int) -> Range<Int> {
    part * inputs / parts..<(part + 1) * inputs / parts
  }
}
