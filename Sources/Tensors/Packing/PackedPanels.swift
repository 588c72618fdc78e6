import CKernels

/// The right factor of a product, laid out as the kernels of one precision read it: panels of 64
/// columns, each contiguous.
struct PackedPanels: Sendable {
  /// Rows of the factor.
  let inner: Int
  /// Columns of the factor.
  let columns: Int
  /// The arithmetic that the panels are made for.
  let precision: Precision
  private let storage: Storage
  /// Of whole numbers: the columns' scales and behind them the sums of their numbers.
  private let factors: Storage?

  /// Columns of one panel.
  static let width = 64

  /// Packs the matrix whose element (k, j) is `b[k * strides.inner + j * strides.column]`, times
  /// `columnScale[j]` if that is given; `lasting` where they are kept for later calls.
  init(
    _ b: UnsafePointer<Float>, inner: Int, columns: Int, strides: (inner: Int, column: Int),
    columnScale: UnsafePointer<Float>? = nil, precision: Precision, lasting: Bool
  ) {
    precondition(inner > 0, "a matrix of [\(inner), \(columns)] has no rows to be packed")
    // Whole numbers are summed in 32 bits.
    let precision = inner <= 65_536 ? precision : .f32
    let panels = (columns + Self.width - 1) / Self.width
    let panelSize =
      precision.elementBytes.map { kernel_low_panel_bytes($0, inner, Self.width) / 4 }
      ?? kernel_panel_count(inner, Self.width)
    let storage = Storage(count: panels * panelSize, lasting: lasting)
    let factors =
      precision == .int8 ? Storage(count: 2 * panels * Self.width, lasting: lasting) : nil
    nonisolated(unsafe) let (b, scale) = (b, columnScale)
    Parallel.forEach(panels, operations: inner * columns * 8) { panel in
      let first = panel * Self.width
      let count = min(Self.width, columns - first)
      let (from, target) = (b + first * strides.column, storage.pointer + panel * panelSize)
      let columnScale = scale.map { $0 + first }
      if let bytes = precision.elementBytes {
        let scales = factors.map { $0.pointer + first }
        kernel_low_pack(
          bytes, inner, count, from, strides.inner, strides.column, columnScale, target, scales,
          scales.map { $0 + panels * Self.width })
      } else {
        kernel_pack_panels(
          inner, count, from, strides.inner, strides.column, columnScale, target)
      }
    }
    self.inner = inner
    self.columns = columns
    self.precision = precision
    self.storage = storage
    self.factors = factors
  }

  /// Computes the product that `work` describes, on several threads; its columns and panels are set
  /// here. `work.inner * work.segments` is `inner`.
  func run(_ work: kernel_product) {
    precondition(
      work.inner * work.segments == inner,
      "rows of \(work.segments) pieces of \(work.inner) for a matrix of [\(inner), \(columns)]")
    var work = work
    work.columns = columns
    let bytes = precision.elementBytes
    let cut = ProductCut(
      rows: work.rows, columns: columns, inner: inner, work: bytes.map { Int(4 / $0) } ?? 1)
    if let bytes, cut.parts.panels > 1, kernel_low_is_converted(&work, bytes) == 0 {
      // Several pieces read the same rows, which are therefore converted beforehand.
      runConverted(work, bytes, cut)
    } else {
      nonisolated(unsafe) let work = work
      cut.forEach { rows, panels in run(work, rows: rows, panels: panels) }
    }
  }

  /// Computes some rows and panels of such a product on this thread.
  func run(_ work: kernel_product, rows: Range<Int>, panels: Range<Int>) {
    withExtendedLifetime((storage, factors)) {
      var work = work
      guard precision != .f32 else {
        work.panels = UnsafePointer(storage.pointer)
        kernel_product_run(
          &work, rows.lowerBound, rows.upperBound, panels.lowerBound, panels.upperBound)
        return
      }
      var weights = lowWeights
      let isReady = kernel_low_is_converted(&work, weights.element_bytes) != 0
      let scratch = Storage(count: isReady ? 0 : kernel_low_scratch(inner) / 4)
      kernel_low_run(
        &work, &weights, rows.lowerBound, rows.upperBound, panels.lowerBound, panels.upperBound,
        scratch.pointer)
    }
  }

  private func runConverted(_ work: kernel_product, _ bytes: Int32, _ cut: ProductCut) {
    nonisolated(unsafe) let (work, weights) = (work, lowWeights)
    let stride = kernel_low_row_bytes(bytes, inner)
    let converted = Storage(count: work.rows * stride / 4)
    func place(_ row: Int) -> UnsafeMutableRawPointer {
      UnsafeMutableRawPointer(converted.pointer) + row * stride
    }
    withExtendedLifetime((storage, factors, converted)) {
      Parallel.forEachRange(work.rows, operations: work.rows * inner * 4) { rows in
        var work = work
        kernel_low_convert(&work, bytes, rows.lowerBound, rows.upperBound, place(rows.lowerBound))
      }
      cut.forEach { rows, panels in
        var (work, weights) = (work, weights)
        kernel_low_multiply(
          &work, &weights, place(rows.lowerBound), rows.lowerBound, rows.upperBound,
          panels.lowerBound, panels.upperBound)
      }
    }
  }

  private var lowWeights: kernel_low_weights {
    kernel_low_weights(
      element_bytes: precision.elementBytes ?? 4, panels: UnsafeRawPointer(storage.pointer),
      scales: factors.map { UnsafePointer($0.pointer) },
      sums: factors.map { UnsafePointer($0.pointer + $0.count / 2) })
  }
}

extension Precision {
  /// Bytes of an element of converted factors; nil where factors are not converted.
  var elementBytes: Int32? {
    switch self {
    case .f32: nil
    case .bf16: 2
    case .int8: 1
    }
  }
}
