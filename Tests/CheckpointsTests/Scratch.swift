import Foundation

/// Runs `body` with a fresh folder and removes it afterwards.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("checkpoints-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// Runs `body` with a safetensors file of this header and data.
func withFile<Result>(
  header: String, data: [UInt8] = [], _ body: (String) throws -> Result
) throws -> Result {
  let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
  return try withFile(bytes: length + Array(header.utf8) + data, body)
}

/// Runs `body` with a file of these bytes.
func withFile<Result>(bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
  try withFolder { folder in
    let path = folder + "/model.safetensors"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try body(path)
  }
}
