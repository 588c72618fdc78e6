import CKernels

/// The right factor of products `x * matrix + shift`, laid out as the kernels read it: panels of 64
/// columns, each contiguous.
public struct PackedMatrix: Sendable {
  /// Added to every row of the result, `[columns]`.
  public let shift: Tensor?
  let panels: PackedPanels

  /// Rows of the matrix: the width of what it is multiplied with.
  public var inner: Int { panels.inner }
  /// Columns of the matrix: the width of the result.
  public var columns: Int { panels.columns }
  /// The arithmetic of products with it.
  public var precision: Precision { panels.precision }

  /// Packs the weights of a linear layer.
  ///
  /// - Parameters:
  ///   - weight: `[columns, inner]`, as PyTorch stores it.
  ///   - columns: rows of `weight` that are wanted; all where left out.
  ///   - shift: the layer's bias, `[columns]`.
  ///   - precision: the arithmetic of products with it.
  ///   - lasts: whether it is kept for later calls, as long as the model.
  public init(
    weight: Tensor, rows: Range<Int>? = nil, shift: Tensor? = nil, precision: Precision = .f32,
    lasts: Bool = true
  ) {
    precondition(weight.rank == 2, "a weight of \(weight.shape) is not a matrix")
    let rows = rows ?? 0..<weight.shape[0]
    let inner = weight.shape[1]
    precondition(
      rows.upperBound <= weight.shape[0] && (shift == nil || shift!.shape == [rows.count]),
      "rows \(rows) of a weight of \(weight.shape) with a shift of \(shift?.shape ?? [])")
    self.shift = shift?.detached
    panels = weight.withPointer { weight in
      PackedPanels(
        weight + rows.lowerBound * inner, inner: inner, columns: rows.count,
        strides: (inner: 1, column: inner), precision: precision, lasting: lasts)
    }
  }
}

/// `activation(x * matrix + shift)`: `[…, inner]` to `[…, columns]`, without gradients.
///
/// - Parameters:
///   - x: `[…, inner]`
///   - matrix: the packed right factor with its shift.
///   - residual: of the result's shape, added before the activation.
///   - activation: applied while the result is still in the cache.
public func product(
  _ x: Tensor, _ matrix: PackedMatrix, residual: Tensor? = nil, activation: Activation = .none
) -> Tensor {
  let shape: Shape = Array(x.shape.dropLast()) + [matrix.columns]
  precondition(
    x.shape.last == matrix.inner,
    "a matrix of [\(matrix.inner), \(matrix.columns)] cannot follow an input of \(x.shape)")
  precondition(
    residual == nil || residual!.shape == shape,
    "a residual of \(residual?.shape ?? []) for a result of \(shape)")
  let rows = x.shape.dropLast().reduce(1, *)
  Profile.count(rows * matrix.columns * matrix.inner)
  return Tensor(shape: shape) { y in
    withExtendedLifetime((x, matrix, residual)) {
      var work = kernel_product()
      work.rows = rows
      work.inner = matrix.inner
      work.segments = 1
      work.x = UnsafePointer(x.storage.pointer)
      work.x_stride = matrix.inner
      work.shift = matrix.shift.map { UnsafePointer($0.storage.pointer) }
      work.residual = residual.map { UnsafePointer($0.storage.pointer) }
      work.residual_stride = matrix.columns
      work.activation = activation.kernel
      work.y = y
      work.y_stride = matrix.columns
      matrix.panels.run(work)
    }
  }
}

extension Activation {
  /// The kernels' number for it.
  var kernel: Int32 {
    switch self {
    case .none: Int32(KERNEL_NONE)
    case .relu: Int32(KERNEL_RELU)
    case .relu6: Int32(KERNEL_RELU6)
    case .gelu: Int32(KERNEL_GELU)
    case .tanhGELU: Int32(KERNEL_GELU_TANH)
    case .silu: Int32(KERNEL_SILU)
    }
  }
}
