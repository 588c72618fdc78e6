import Inputs
import Layers
import Tensors

/// How ViLT turns pictures into tokens: one for the whole picture, and one for each square patch,
/// a linear map of its pixels plus a learned position (Kim, Son, Kim, 2021, section 3.1).
///
/// The positions are learned on a square grid and stretched to the grid of each picture, without
/// its padding. All patches are kept, row by row; the reference shuffles them, which changes
/// nothing, as a token's position is in its vector.
struct PatchEmbeddings: Sendable {
  private let first: Parameter
  private let positions: Parameter
  private let projection: Convolution
  private let grid: Int

  /// Embeddings with the parameter names of transformers' `ViltEmbeddings`.
  init(_ image: ViLTImageConfiguration, width: Int, in scope: Scope) throws {
    grid = image.grid
    let initializer = Initializer.normal(standardDeviation: 0.02)
    first = try scope.parameter("cls_token", [1, 1, width], initializer)
    positions = try scope.parameter(
      "position_embeddings", [1, grid * grid + 1, width], initializer)
    projection = try Convolution(
      3, width, kernel: image.patch, stride: image.patch, weight: initializer,
      in: scope["patch_embeddings.projection"])
  }

  /// Pictures to `[batch, 1 + patches, width]`, and which of the tokens are not padding.
  func callAsFunction(_ images: ImageBatch) -> (states: Tensor, valid: [Bool]) {
    let patches = projection(images.pixels.channelsInnermost)
    let (batch, width) = (patches.shape[0], patches.shape[3])
    let (rows, columns) = (patches.shape[1], patches.shape[2])
    let inside = images.mask(height: rows, width: columns)
    let count = rows * columns
    let table = positions.tensor
    let head = first.tensor + table.sliced(axis: 1, range: 0..<1)
    let spatial = table.sliced(axis: 1, range: 1..<table.shape[1])
      .reshaped([1, grid, grid, width])
    var placed: [Tensor] = []
    var valid: [Bool] = []
    for picture in 0..<batch {
      let flags = inside[picture * count..<(picture + 1) * count]
      let start = flags.startIndex
      // A mask that somebody made by hand may be empty: then the positions do not matter.
      let height = max(1, (0..<rows).count { flags[start + $0 * columns] })
      let extent = max(1, (0..<columns).count { flags[start + $0] })
      let own = spatial.interpolated(
        height: height, width: extent, mode: .bilinear(alignCorners: true))
      placed.append(padded(own, rows, columns))
      valid.append(true)
      valid += flags
    }
    let tokens = (patches + concatenated(placed, axis: 0))
      .reshaped([batch, count, width])
    let heads = concatenated([Tensor](repeating: head, count: batch), axis: 0)
    return (concatenated([heads, tokens], axis: 1), valid)
  }

  /// Zeros to the right and below, up to `rows` and `columns`.
  private func padded(_ map: Tensor, _ rows: Int, _ columns: Int) -> Tensor {
    var shape = map.shape
    var map = map
    for (axis, extent) in [(2, columns), (1, rows)] where shape[axis] < extent {
      var rest = shape
      rest[axis] = extent - shape[axis]
      map = concatenated([map, .zeros(rest)], axis: axis)
      shape[axis] = extent
    }
    return map
  }
}
