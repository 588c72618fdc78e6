import JSONStream

/// Reads a document of these bytes.
func reading<Value>(
  _ bytes: [UInt8], _ body: (inout JSONReader) throws -> Value
) throws -> Value {
  try bytes.withUnsafeBytes { try JSONReader.read($0, file: "a.json", body) }
}

/// Reads a document of this text.
func reading<Value>(
  _ text: String, _ body: (inout JSONReader) throws -> Value
) throws -> Value {
  try reading(Array(text.utf8), body)
}

/// The error of reading a document, nil if there is none.
func error<Value>(
  of text: String, _ body: (inout JSONReader) throws -> Value
) -> JSONError? {
  error(of: Array(text.utf8), body)
}

/// The error of reading a document, nil if there is none.
func error<Value>(
  of bytes: [UInt8], _ body: (inout JSONReader) throws -> Value
) -> JSONError? {
  do {
    _ = try reading(bytes, body)
    return nil
  } catch { return error as? JSONError }
}
