extension Tensor {
  /// Pictures `[batch, channels, height, width]`, as PyTorch has them, in the layout of this
  /// program's convolutions: `[batch, height, width, channels]`.
  public var channelsInnermost: Tensor { transposed([0, 2, 3, 1]) }

  /// A feature map `[batch, height, width, channels]` in PyTorch's layout,
  /// `[batch, channels, height, width]`.
  public var channelsFirst: Tensor { transposed([0, 3, 1, 2]) }
}
