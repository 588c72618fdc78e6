import Tensors

/// Writes tensors as a safetensors file of 32-bit floats, atomically.
///
/// The same tensors in the same order give the same bytes. The data lies in the given order and
/// begins at a multiple of 64 bytes, so that a reader can use it in place.
///
/// - Parameters:
///   - tensors: names, each once and none `__metadata__`, with their tensors.
///   - metadata: free text for the header, written in the order of its keys.
///   - path: the file to create or replace.
/// - Throws: `CheckpointError.cannotWrite`.
public func writeSafetensors(
  _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to path: String
) throws {
  let header = safetensorsHeader(
    tensors.map { (name: $0.name, type: .float32, shape: $0.tensor.shape) }, metadata: metadata)
  try writeAtomically(to: path) { write in
    try header.withUnsafeBytes { try write($0) }
    for (_, tensor) in tensors {
      try tensor.withPointer {
        try write(UnsafeRawBufferPointer(start: $0, count: tensor.count * 4))
      }
    }
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
