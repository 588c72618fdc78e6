import CKernels
import Foundation

/// Winograd's minimal filtering (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks,
/// 2016): F(4 x 4, 3 x 3) takes 36 multiplications instead of 144 for 4 x 4 results of a 3 x 3
/// kernel, F(2 x 2, 3 x 3) 16 instead of 36 for 2 x 2.
///
/// Tiles of pixels are transformed, multiplied with transformed weights, 36 or 16 matrix products
/// altogether, and transformed back. The result differs from the direct product's by rounding, the
/// larger tiles' about five times as much as that differs from the exact result.
public enum Winograd {
  /// Whether convolutions may be computed so; the environment's `UNIT_WINOGRAD=0` forbids it.
  @TaskLocal public static var isEnabled =
    ProcessInfo.processInfo.environment["UNIT_WINOGRAD"] != "0"

  /// Whether a convolution of 3 x 3 at stride 1 is computed for 4 x 4 results at a time, which in
  /// 32-bit floats is as fast as a direct product in a lower precision; else for 2 x 2.
  ///
  /// Transformed weights are four times as many as the weights for 4, not twice as many for 2: many
  /// weights take up memory and time to read, which is worth more than multiplications.
  public static func usesLargeTiles(inputs: Int, outputs: Int) -> Bool {
    inputs * outputs < 1 << 18
  }
}

extension ConvolutionPlan {
  /// Whether the convolution is computed by Winograd's method: the one place that decides it.
  ///
  /// Few tiles are not worth reading the transformed weights.
  var usesWinograd: Bool {
    kernelHeight == 3 && kernelWidth == 3 && stride == 1 && dilation == 1 && groups == 1
      && inputs >= 32 && outputs >= 32 && inputs % 16 == 0 && outputs % 16 == 0
      && winogradTiles >= 12 && Winograd.isEnabled
  }

  /// Results along a side of a tile.
  var winogradSide: Int { Winograd.usesLargeTiles(inputs: inputs, outputs: outputs) ? 4 : 2 }

  /// Products of one tile.
  var winogradProducts: Int { (winogradSide + 2) * (winogradSide + 2) }

  /// Tiles in all pictures.
  private var winogradTiles: Int {
    let side = winogradSide
    return batch * ((resultHeight + side - 1) / side) * ((resultWidth + side - 1) / side)
  }

  /// - Parameters:
  ///   - x: `[batch, height, width, channels]`
  ///   - panels: what `winogradPanels` made.
  func winograd(_ x: Tensor, panels: Storage, _ epilogue: Epilogue) -> Tensor {
    Tensor(shape: resultShape) { y in
      withExtendedLifetime((x, panels, epilogue)) {
        let pass = WinogradPass(
          plan: self, x: x.storage.pointer, weights: panels.pointer,
          work: epilogue.product(into: y, channels: resultChannels))
        let count = winogradTiles
        if count >= 256 { pass.runByTiles(count) } else { pass.runByPanels(count) }
      }
    }
  }
}

/// One convolution by Winograd's method.
private struct WinogradPass: @unchecked Sendable {
  let plan: ConvolutionPlan
  let x: UnsafePointer<Float>
  let weights: UnsafePointer<Float>
  let work: kernel_product
  let zeros: Storage
  let side: Int
  let products: Int

  init(
    plan: ConvolutionPlan, x: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    work: kernel_product
  ) {
    self.plan = plan
    self.x = x
    self.weights = weights
    self.work = work
    side = plan.winogradSide
    products = plan.winogradProducts
    zeros = Storage(count: plan.inputs)
    zeros.pointer.update(repeating: 0, count: plan.inputs)
  }

  /// Many tiles: a piece is a block of tiles, whose transformed pixels stay in the cache.
  func runByTiles(_ count: Int) {
    let blocks = (count + 63) / 64 * 2
    Parallel.forEach(blocks, operations: plan.operations) { block in
      let tiles = block * count / blocks..<(block + 1) * count / blocks
      let plane = Self.plane(tiles.count * plan.inputs)
      plan.withScratch(products * plane) { transformed in
        transform(tiles, plane: plane, into: transformed)
        for panel in 0..<plan.panels {
          multiply(transformed, plane: plane, tiles: tiles, panel: panel)
        }
      }
    }
  }

  /// Few tiles: all are transformed first; then a piece is a panel of the weights, which is read
  /// once, and a block of tiles.
  func runByPanels(_ count: Int) {
    let plane = Self.plane(count * plan.inputs)
    let blocks = (count + 47) / 48
    plan.withScratch(products * plane) { transformed in
      nonisolated(unsafe) let transformed = transformed
      let pieces = min(8, count)
      Parallel.forEach(pieces, operations: products * count * plan.inputs * 8) { piece in
        let tiles = piece * count / pieces..<(piece + 1) * count / pieces
        transform(
          tiles, plane: plane, into: transformed + tiles.lowerBound * plan.inputs)
      }
      Parallel.forEach(plan.panels * blocks, operations: plan.operations) { piece in
        let block = piece % blocks
        let tiles = block * count / blocks..<(block + 1) * count / blocks
        multiply(
          transformed + tiles.lowerBound * plan.inputs, plane: plane, tiles: tiles,
          panel: piece / blocks)
      }
    }
  }

  private func transform(
    _ tiles: Range<Int>, plane: Int, into transformed: UnsafeMutablePointer<Float>
  ) {
    var window = plan.window(channels: plan.inputs)
    kernel_winograd_input(
      side, &window, tiles.lowerBound, tiles.upperBound, x, zeros.pointer, plane, transformed)
  }

  /// The products of some tiles with one panel, and their results.
  private func multiply(
    _ transformed: UnsafePointer<Float>, plane: Int, tiles: Range<Int>, panel: Int
  ) {
    let width = PackedPanels.width
    let first = panel * width
    let productPlane = Self.plane(tiles.count * width)
    plan.withScratch(products * productPlane) { sums in
      var product = kernel_product()
      product.rows = tiles.count
      product.columns = width
      product.inner = plan.inputs
      product.segments = 1
      product.x_stride = plan.inputs
      product.y_stride = width
      for position in 0..<products {
        product.x = transformed + position * plane
        product.panels = weights + (panel * products + position) * plan.inputs * width
        product.next = position + 1 < products ? product.panels + plan.inputs * width : nil
        product.y = sums + position * productPlane
        kernel_product_run(&product, 0, tiles.count, 0, 1)
      }
      var window = plan.window(channels: plan.inputs)
      var result = work
      result.columns = min(width, plan.outputs - first)
      kernel_winograd_output(
        side, &window, tiles.lowerBound, tiles.upperBound, sums, productPlane, first, &result)
    }
  }

  /// Floats between the numbers of two products: an odd number of cache lines, so that those of a
  /// tile do not compete for the same places of the cache.
  private static func plane(_ count: Int) -> Int { (count + 31) / 32 * 32 + 16 }
}
