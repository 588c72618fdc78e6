import JSONStream

@testable import Annotations

/// Files of annotations and predictions; the first byte says of which kind.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let bytes = UnsafeRawBufferPointer(start: data + 1, count: count - 1)
  do {
    switch data[0] {
    case UInt8(ascii: "a"): try read(bytes) { check(try CocoAnnotations(from: &$0)) }
    case UInt8(ascii: "r"): try read(bytes) { _ = try CocoResults(from: &$0, pictures: [1, 2]) }
    case UInt8(ascii: "v"): try read(bytes) { _ = try VQAAnnotations(from: &$0) }
    case UInt8(ascii: "p"): try read(bytes) { _ = try VQAResults(from: &$0) }
    case UInt8(ascii: "l"):
      try read(bytes) { reader in
        let table = try LabelTable(from: &reader, role: .predictions, column: nil)
        _ = try LabelPairs(truth: table, predictions: table, file: "input")
      }
    default:
      guard let text = String(validating: bytes, as: UTF8.self) else { return 0 }
      let table = try LabelTable(text: text, file: "input", role: .truth, column: nil)
      _ = try LabelPairs(truth: table, predictions: table, file: "input").classes
    }
  } catch let error as JSONError {
    precondition(!error.description.isEmpty, "an error without words")
  } catch let error as LabelError {
    precondition(!error.description.isEmpty, "an error without words")
  } catch { fatalError("an error of another kind: \(error)") }
  return 0
}

private func read(
  _ bytes: UnsafeRawBufferPointer, _ body: (inout JSONReader) throws -> Void
) throws {
  try JSONReader.read(bytes, file: "input", body)
}

private func check(_ file: CocoAnnotations) {
  let ids = file.objects.map(\.id)
  precondition(file.objects.allSatisfy { $0.box.x.isFinite && $0.box.width.isFinite })
  precondition(ids.count == file.objects.count)
}
