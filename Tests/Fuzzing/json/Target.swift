@testable import JSONStream

/// Any bytes as JSON, skipped and read: both must come to the same end.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: data, count: count)
  let skipped = failure(bytes) { try $0.skip() }
  let read = failure(bytes) { try readAny(&$0) }
  switch (skipped, read) {
  case (nil, let error?):
    // Only what is read is asked for keys that occur twice and numbers beyond 64 bits.
    precondition(error.expected == "every key once" || error.kind == .unexpected, "\(error)")
  case (let error?, nil): fatalError("read, but not skipped: \(error)")
  case (let error?, let other?):
    precondition(error.offset! <= count && other.offset! <= error.offset!, "\(error), \(other)")
  case (nil, nil): break
  }
  return 0
}

private func failure(
  _ bytes: UnsafeRawBufferPointer, _ body: (inout JSONReader) throws -> Void
) -> JSONError? {
  do {
    try JSONReader.read(bytes, file: "input", body)
    return nil
  } catch let error as JSONError {
    precondition(!error.description.isEmpty, "an error without words")
    return error
  } catch { fatalError("an error of another kind: \(error)") }
}

private func readAny(_ reader: inout JSONReader) throws {
  switch try reader.peek() {
  case .object: try reader.object { reader, _ in try readAny(&reader) }
  case .array: try reader.array { reader, _ in try readAny(&reader) }
  case .string: _ = try reader.string()
  case .number:
    let start = reader.place()
    var copy = reader
    let value = try reader.double()
    let text = String(decoding: reader.bytes[start..<reader.offset], as: UTF8.self)
    precondition(value.bitPattern == Double(text)!.bitPattern, text)
    if let whole = try? copy.integer() { precondition(Double(whole) == value, text) }
  case .boolean: _ = try reader.boolean()
  case .null: _ = try reader.takeNull()
  }
}
