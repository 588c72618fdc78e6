import CKernels
import Tensors

/// One product for the tests of the kernels in low precision, and what it should give.
struct LowPrecisionCase {
  let rows: Int
  let inner: Int
  let columns: Int
  /// `[rows, inner]`
  var x: [Float]
  /// `[columns, inner]`, as a layer stores it.
  var weights: [Float]
  var columnScale: [Float]?
  var shift: [Float]?
  var residual: [Float]?
  var activation = KERNEL_NONE
  /// Equal pieces of which a row is gathered; 0 where rows are read as they lie.
  var segments = 0

  init(_ rows: Int, _ inner: Int, _ columns: Int, seed: UInt64 = 1) {
    let key = RandomKey(seed: seed)
    self.rows = rows
    self.inner = inner
    self.columns = columns
    // Not centred on zero, as activations are not.
    x = Tensor.uniform([rows * inner], in: -1..<2, key: key.folding("x")).elements
    weights = Tensor.uniform([columns * inner], in: -1..<1, key: key.folding("w")).elements
  }

  /// Rows, columns and inner extents around the sizes of tiles, panels and instructions.
  static let edges = [
    (1, 1, 1), (1, 3, 64), (5, 64, 65), (6, 5, 63), (7, 66, 1), (13, 130, 130), (2, 259, 70),
    (200, 20, 8),
  ]

  enum Arithmetic { case bf16, int8 }

  /// The kernel's result, computed in pieces of rows and panels.
  func computed(_ arithmetic: Arithmetic, pieces: Int = 1) -> [Float] {
    var result = [Float](repeating: .signalingNaN, count: rows * columns)
    let panels = (columns + 63) / 64
    let scratch = Storage(count: kernel_low_scratch(inner) / 4 + 16)
    withProduct(into: &result) { product in
      run(arithmetic, product) { call in
        for piece in 0..<pieces {
          let (first, last) = (piece * rows / pieces, (piece + 1) * rows / pieces)
          for panel in 0..<panels { call(first, last, panel, panel + 1, scratch.pointer) }
        }
      }
    }
    return result
  }

  private typealias Call = (Int, Int, Int, Int, UnsafeMutableRawPointer) -> Void

  private func run(
    _ arithmetic: Arithmetic, _ product: UnsafePointer<kernel_product>, _ body: (Call) -> Void
  ) {
    let bytes: Int32 = arithmetic == .bf16 ? 2 : 1
    // Longer than the panels, so that a write beyond them is not fatal but visible.
    let size = kernel_low_panel_bytes(bytes, inner, columns)
    var panels = [UInt8](repeating: 77, count: size + 64)
    var scales = [Float](repeating: 1, count: (columns + 63) / 64 * 64)
    var sums = scales
    kernel_low_pack(
      bytes, inner, columns, weights, 1, inner, columnScale, &panels, &scales, &sums)
    precondition(panels[size...].allSatisfy { $0 == 77 }, "packed more than the panels hold")
    panels.withUnsafeBytes { panels in
      scales.withUnsafeBufferPointer { scales in
        sums.withUnsafeBufferPointer { sums in
          var packed = kernel_low_weights(
            element_bytes: bytes, panels: panels.baseAddress, scales: scales.baseAddress,
            sums: sums.baseAddress)
          body { kernel_low_run(product, &packed, $0, $1, $2, $3, $4) }
        }
      }
    }
  }

  private func withProduct(
    into result: inout [Float], _ body: (UnsafePointer<kernel_product>) -> Void
  ) {
    let count = max(segments, 1)
    let piece = inner / count
    x.withUnsafeBufferPointer { x in
      let taps = (0..<rows * count).map { Optional(x.baseAddress! + $0 * piece) }
      taps.withUnsafeBufferPointer { taps in
        (shift ?? []).withUnsafeBufferPointer { shift in
          (residual ?? []).withUnsafeBufferPointer { residual in
            result.withUnsafeMutableBufferPointer { result in
              var product = kernel_product()
              product.rows = rows
              product.columns = columns
              product.inner = piece
              product.segments = count
              product.x = segments == 0 ? x.baseAddress : nil
              product.x_stride = inner
              product.taps = segments == 0 ? nil : taps.baseAddress
              product.shift = self.shift == nil ? nil : shift.baseAddress
              product.residual = self.residual == nil ? nil : residual.baseAddress
              product.residual_stride = columns
              product.activation = Int32(activation)
              product.y = result.baseAddress
              product.y_stride = columns
              body(&product)
            }
          }
        }
      }
    }
  }

  /// The product of factors that `left` and `right` have converted, in double precision.
  func expected(left: ([Float]) -> [Double], right: ([Float]) -> [Double]) -> [Double] {
    let lines = (0..<rows).map { left(Array(x[$0 * inner..<($0 + 1) * inner])) }
    let factors = (0..<columns).map { column in
      right(Array(weights[column * inner..<(column + 1) * inner]))
    }
    return (0..<rows * columns).map { index in
      let (row, column) = (index / columns, index % columns)
      var sum = zip(lines[row], factors[column]).reduce(0) { $0 + $1.0 * $1.1 }
      sum *= Double(columnScale?[column] ?? 1)
      sum += Double(shift?[column] ?? 0) + Double(residual?[index] ?? 0)
      return activation == KERNEL_RELU ? max(sum, 0) : sum
    }
  }
}
