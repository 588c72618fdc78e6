import Tensors

/// Weights stored in 8 bits: the whole numbers of each row, times a scale of the row.
///
/// A file holds the numbers under the weight's name, as `I8` of the weight's shape, and the scales
/// under the name with `_scale` behind it, as `F32` of one axis. The greatest number of a row is
/// 127 or -127 and the scales have 16 significant bits, so that quantising the weight again, as
/// packing it for products in 8 bits does, gives the same numbers and scales.
struct QuantizedRows {
  /// Whole numbers from -127 to 127, of the weight's shape.
  let numbers: Tensor
  /// What 1 stands for in each row, `[rows]`.
  let scales: Tensor

  /// What the scales' entry has behind the weight's name.
  static let suffix = "_scale"

  /// Quantises the rows of a weight of at least one axis.
  init(_ weight: Tensor) {
    let rows = weight.shape[0]
    let length = weight.count / max(rows, 1)
    var scales = [Float](repeating: 0, count: rows)
    numbers = Tensor(shape: weight.shape) { numbers in
      weight.withPointer { weight in
        for row in 0..<rows {
          let range = row * length..<(row + 1) * length
          let greatest = range.reduce(0) { max($0, abs(weight[$1])) }
          let scale = Float(bitPattern: ((greatest / 127).bitPattern + 0xFF) & ~0xFF)
          let factor = scale > 1e-36 ? 1 / scale : 0
          scales[row] = scale
          for place in range {
            numbers[place] = (weight[place] * factor).rounded(.toNearestOrEven)
          }
        }
      }
    }
    self.scales = Tensor(scales)
  }

  /// The weight that an archive holds in 8 bits.
  ///
  /// - Parameters:
  ///   - numbers: the entry of the whole numbers.
  ///   - scales: the entry of their scales.
  /// - Throws: `CheckpointError.wrongShape` where there is not one scale a row.
  static func weight(
    _ numbers: TensorEntry, scales: TensorEntry, in archive: some TensorArchive
  ) throws -> Tensor {
    let rows = numbers.shape.first ?? 0
    guard scales.shape == [rows], numbers.shape.count > 0 else {
      throw CheckpointError.wrongShape(
        file: archive.path, entry: scales.name, expected: [rows], found: scales.shape)
    }
    let whole = try archive.tensor(numbers.name)
    let length = whole.count / max(rows, 1)
    let steps = try archive.tensor(scales.name)
    return (whole.reshaped([rows, length]) * steps.reshaped([rows, 1])).reshaped(numbers.shape)
  }
}

extension TensorArchive {
  /// Whether weights are stored in 8 bits with a scale for each row.
  public var hasQuantizedRows: Bool { !scalesOfRows.isEmpty }

  /// The scales of weights in 8 bits, by the name of the weight.
  var scalesOfRows: [String: TensorEntry] {
    let bytes = entries.filter { $0.type == .int8 }
    guard !bytes.isEmpty else { return [:] }
    let others = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
    var scales: [String: TensorEntry] = [:]
    for entry in bytes {
      let scale = others[entry.name + QuantizedRows.suffix]
      if let scale, !scale.type.isInteger { scales[entry.name] = scale }
    }
    return scales
  }
}
