import CKernels

// A convolution as one product with packed weights: the left factor is never made, its rows are
// read from the pictures through pointers.

extension ConvolutionPlan {
  /// - Parameters:
  ///   - x: `[batch, height, width, channels]`
  ///   - weights: the packed weights.
  ///   - residual: given away, see `convolution2d`.
  ///   - rounds: whether the result is rounded to bfloat16, which needs weights in low precision.
  func direct(
    _ x: FeatureMap, _ weights: DirectWeights, shift: Tensor? = nil,
    residual: consuming FeatureMap? = nil, activation: Activation = .none, rounds: Bool = false
  ) -> FeatureMap {
    let readsRounded = weights.precision != .f32 && channels % 2 == 0 && !readsKernelRows
    let x = x.isRounded && !readsRounded ? FeatureMap(x.tensor) : x
    if residual?.isRounded == true && weights.precision == .f32 {
      residual = FeatureMap(residual!.tensor)
    }
    let overwritten =
      weights.overwritesResidual && residual?.isRounded == rounds
      ? residual?.storageToOverwrite() : nil
    let result =
      overwritten ?? Storage(count: FeatureMap.room(resultShape, isRounded: rounds))
    withExtendedLifetime((x, weights, shift, residual)) {
      nonisolated(unsafe) let source = x.pointer
      nonisolated(unsafe) var work = Epilogue(shift: shift, residual: nil, activation: activation)
        .product(into: result.pointer, channels: resultChannels)
      work.residual = residual?.pointer
      work.rounded = Int32(
        (x.isRounded ? KERNEL_ROUNDED_LEFT : 0)
          | (residual?.isRounded == true ? KERNEL_ROUNDED_RESIDUAL : 0)
          | (rounds ? KERNEL_ROUNDED_RESULT : 0))
      if isPointwise, case .low(let panels) = weights {
        panels.run(work.pixels(source, count: positions, channels: channels))
      } else if readsKernelRows {
        byKernelRows(source, weights, work)
      } else {
        byPixels(source, weights, work)
      }
    }
    return rounds
      ? FeatureMap(shape: resultShape, rounded: result)
      : FeatureMap(Tensor(shape: resultShape, storage: result))
  }

  /// Pixels of fewer channels are read by kernel rows, and not worth finding their levels in int8.
  static let fewChannels = 32

  /// Pixels of few channels: the columns of a kernel, which are neighbours in memory, are read as
  /// one piece.
  var readsKernelRows: Bool {
    groups == 1 && dilation == 1 && kernelWidth > 1 && inputs < Self.fewChannels && left >= 0
  }

  /// Pieces along the positions and the panels.
  ///
  /// A piece has enough rows to be worth reading its panels; panels are cut where rows are few.
  private var parts: (positions: Int, panels: Int) {
    let blocks = (positions + 191) / 192
    let even = blocks > 1 ? (blocks + 1) / 2 * 2 : blocks
    return (even, max(1, min(panels, 8 / max(1, even * groups))))
  }

  private func byPixels(
    _ x: UnsafePointer<Float>, _ weights: DirectWeights, _ work: kernel_product
  ) {
    nonisolated(unsafe) let (x, work) = (x, work)
    let parts = parts
    let taps = kernelHeight * kernelWidth
    let zeros = Storage(count: inputs)
    zeros.pointer.update(repeating: 0, count: inputs)
    Parallel.forEach(groups * parts.positions * parts.panels, operations: operations) { piece in
      let panel = piece % parts.panels
      let block = piece / parts.panels % parts.positions
      let group = piece / parts.panels / parts.positions
      let first = block * positions / parts.positions
      let count = (block + 1) * positions / parts.positions - first
      let source = x + group * inputs
      var piece = work.from(row: first, column: group * outputs)
      piece.rows = count
      piece.columns = outputs
      piece.inner = inputs
      piece.segments = taps
      let part = panel * panels / parts.panels..<(panel + 1) * panels / parts.panels
      if isPointwise {
        piece.x = source + first * channels
        piece.x_stride = channels
        weights.run(piece, group: group, panels: part)
        return
      }
      withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: count * taps) {
        rows in
        var window = window(channels: inputs)
        // A pair of rounded channels takes the place of a float.
        if piece.rounded & KERNEL_ROUNDED_LEFT != 0 { window.pixel /= 2 }
        kernel_pixel_taps(&window, first, first + count, source, zeros.pointer, rows.baseAddress)
        piece.taps = UnsafePointer(rows.baseAddress)
        weights.run(piece, group: group, panels: part)
      }
    }
    withExtendedLifetime(zeros) {}
  }

  private func byKernelRows(
    _ x: UnsafePointer<Float>, _ weights: DirectWeights, _ work: kernel_product
  ) {
    nonisolated(unsafe) let (x, work) = (x, work)
    let height = max(1, 640 / max(resultWidth, 1))
    let blocks = (resultHeight + height - 1) / height
    Parallel.forEach(batch * blocks, operations: operations) { piece in
      let (picture, block) = (piece / blocks, piece % blocks)
      let rows = block * resultHeight / blocks..<(block + 1) * resultHeight / blocks
      byKernelRows(
        rows, x + picture * self.height * width * inputs, weights,
        work.from(row: (picture * resultHeight + rows.lowerBound) * resultWidth, column: 0))
    }
  }

  /// Some rows of the result for one picture, on this thread. The rows of the picture that they see
  /// are copied with the zeros around them.
  ///
  /// - Parameter work: its result begins with the first of the rows.
  func byKernelRows(
    _ rows: Range<Int>, _ picture: UnsafePointer<Float>, _ weights: DirectWeights,
    _ work: kernel_product
  ) {
    let paddedWidth = (resultWidth - 1) * stride + kernelWidth
    let paddedHeight = (rows.count - 1) * stride + kernelHeight
    let count = rows.count * resultWidth
    var window = window(channels: inputs)
    var work = work
    work.rows = count
    work.columns = outputs
    work.inner = kernelWidth * inputs
    work.segments = kernelHeight
    withScratch(paddedHeight * paddedWidth * inputs) { padded in
      kernel_padded_rows(
        &window, rows.lowerBound * stride - top, paddedHeight, paddedWidth, picture, padded)
      withUnsafeTemporaryAllocation(
        of: UnsafePointer<Float>?.self, capacity: count * kernelHeight
      ) { taps in
        kernel_row_taps(&window, rows.count, paddedWidth, padded, taps.baseAddress)
        work.taps = UnsafePointer(taps.baseAddress)
        weights.run(work, group: 0, panels: 0..<panels)
      }
    }
  }
}

/// The packed weights of a direct convolution.
enum DirectWeights: Sendable {
  /// Panels of 32-bit floats with `inner` rows, group by group.
  case floats(Storage, inner: Int)
  /// Panels of one group in a lower precision.
  case low(PackedPanels)

  /// The arithmetic of products with them.
  var precision: Precision {
    switch self {
    case .floats: .f32
    case .low(let panels): panels.precision
    }
  }

  /// Whether the result may be written over the residual: an element of it is read once, just before
  /// the result's is written in its place.
  var overwritesResidual: Bool {
    switch self {
    case .floats(_, let inner): inner <= kernel_product_depth()
    case .low(let panels): precision != .f32 || panels.inner <= kernel_product_depth()
    }
  }

  /// Computes all rows of `work` on this thread.
  func run(_ work: kernel_product, group: Int, panels: Range<Int>) {
    switch self {
    case .floats(let storage, _):
      var work = work
      let width = PackedPanels.width
      let size = (work.columns + width - 1) / width * width * work.segments * work.inner
      work.panels = UnsafePointer(storage.pointer) + group * size
      kernel_product_run(&work, 0, work.rows, panels.lowerBound, panels.upperBound)
    case .low(let low):
      low.run(work, rows: 0..<work.rows, panels: panels)
    }
  }
}

extension kernel_product {
  /// The product of all pixels of pictures with the channels innermost.
  fileprivate func pixels(
    _ x: UnsafePointer<Float>, count: Int, channels: Int
  ) -> kernel_product {
    var product = self
    product.rows = count
    product.inner = channels
    product.segments = 1
    product.x = x
    product.x_stride = channels
    return product
  }

  /// The same product from a row and column of the result on.
  fileprivate func from(row: Int, column: Int) -> kernel_product {
    var part = self
    part.y = UnsafeMutablePointer(
      mutating: Self.place(row * y_stride + column, from: y, rounded & KERNEL_ROUNDED_RESULT))
    part.shift = shift.map { $0 + column }
    part.residual = residual.map {
      Self.place(row * residual_stride + column, from: $0, rounded & KERNEL_ROUNDED_RESIDUAL)
    }
    return part
  }

  /// Where the number at `index` is, in memory of floats or, if `rounded` is not 0, of bfloat16.
  private static func place(
    _ index: Int, from start: UnsafePointer<Float>, _ rounded: Int32
  ) -> UnsafePointer<Float> {
    let bytes = rounded == 0 ? MemoryLayout<Float>.stride : MemoryLayout<UInt16>.stride
    return (UnsafeRawPointer(start) + index * bytes).assumingMemoryBound(to: Float.self)
  }
}
