import Tensors

/// Writes tensors as a safetensors file, atomically.
///
/// The same tensors in the same order give the same bytes. The data lies in the given order and
/// begins at a multiple of 64 bytes, so that a reader can use it in place.
///
/// - Parameters:
///   - tensors: names, each once and none `__metadata__`, with their tensors.
///   - metadata: free text for the header, written in the order of its keys.
///   - elementType: how the numbers are stored: `.float32`, or `.float16` or `.bfloat16` in half
///     the space, rounded to nearest even. With `.int8` the tensors that `quantized` names are
///     stored as whole numbers and a scale for each row, in a quarter of the space, and the others
///     as `.float32`, but for tables of over a million numbers, which are `.bfloat16`.
///   - quantized: with `.int8`, which tensors are quantised; each has at least one axis.
///   - path: the file to create or replace.
/// - Throws: `CheckpointError.cannotWrite`; `.tooLarge` for a number beyond the type's largest.
public func writeSafetensors(
  _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:],
  elementType: ElementType = .float32, quantized: Set<String> = [], to path: String
) throws {
  precondition(
    ElementType.storable.contains(elementType), "tensors are not stored as \(elementType.rawValue)")
  let parts = storedParts(tensors, elementType: elementType, quantized: quantized)
  let header = safetensorsHeader(
    parts.map { (name: $0.name, type: $0.type, shape: $0.shape) }, metadata: metadata)
  try writeAtomically(to: path) { write in
    try header.withUnsafeBytes { try write($0) }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    defer { piece.deallocate() }
    for part in parts {
      let tensor = part.tensor()
      try tensor.withPointer {
        var rest = UnsafeBufferPointer(start: $0, count: tensor.count)[...]
        while !rest.isEmpty {
          let floats = UnsafeBufferPointer(rebasing: rest.prefix(piece.count / part.type.size))
          if let lost = part.type.encode(floats, to: piece) {
            throw CheckpointError.tooLarge(
              file: path, entry: part.name, type: part.type, found: lost)
          }
          let size = floats.count * part.type.size
          try write(UnsafeRawBufferPointer(rebasing: piece[..<size]))
          rest = rest.dropFirst(floats.count)
        }
      }
    }
  }
}

private typealias StoredPart = (
  name: String, type: ElementType, shape: Shape, tensor: () -> Tensor
)

/// What is stored of each tensor, in the order of the data.
private func storedParts(
  _ tensors: [(name: String, tensor: Tensor)], elementType: ElementType, quantized: Set<String>
) -> [StoredPart] {
  guard elementType == .int8 else {
    return tensors.map { name, tensor in (name, elementType, tensor.shape, { tensor }) }
  }
  func isTable(_ name: String, _ tensor: Tensor) -> Bool {
    !quantized.contains(name) && tensor.rank == 2 && tensor.count >= 1 << 20
  }
  // Types follow one another by size, so that everything is aligned.
  let floats: [StoredPart] = tensors.filter { !isTable($0.name, $0.tensor) }.map { name, tensor in
    quantized.contains(name)
      ? (
        name + QuantizedRows.suffix, .float32, [tensor.shape[0]],
        { QuantizedRows(tensor).scales }
      ) : (name, .float32, tensor.shape, { tensor })
  }
  let tables: [StoredPart] = tensors.filter { isTable($0.name, $0.tensor) }.map { name, tensor in
    (name, .bfloat16, tensor.shape, { tensor })
  }
  return floats + tables
    + tensors.filter { quantized.contains($0.name) }.map { name, tensor in
      (name, .int8, tensor.shape, { QuantizedRows(tensor).numbers })
    }
}

/// The first bytes of a file with these tensors: length and header, padded to 64 bytes.
func safetensorsHeader(
  _ entries: [(name: String, type: ElementType, shape: Shape)], metadata: [String: String]
) -> [UInt8] {
  var members: [String] = []
  if !metadata.isEmpty {
    let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { "\(quoted($0.key)):\(quoted($0.value))" }
    members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
  }
  var names: Set<String> = ["__metadata__"]
  var offset = 0
  for (name, type, shape) in entries {
    precondition(names.insert(name).inserted, "the name '\(name)' occurs twice or is reserved")
    let end = offset + shape.elementCount * type.size
    let extents = shape.map(String.init).joined(separator: ",")
    members.append(
      """
      \(quoted(name)):{"dtype":"\(type.rawValue)","shape":[\(extents)],\
      "data_offsets":[\(offset),\(end)]}
      """)
    offset = end
  }
  var text = Array("{\(members.joined(separator: ","))}".utf8)
  while (8 + text.count) % 64 != 0 { text.append(UInt8(ascii: " ")) }
  let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) }
  return length + text
}

/// A text as a JSON string.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{0}"..<"\u{20}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
