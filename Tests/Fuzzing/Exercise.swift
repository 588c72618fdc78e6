import Tensors

@testable import Checkpoints

/// Feeds one input to a reader. Worded errors are what damaged input is meant to give; everything
/// else ends the process, and with it the run.
func exercise(
  _ data: UnsafePointer<UInt8>, _ count: Int, _ body: (MappedFile) throws -> (any TensorArchive)?
) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  do {
    guard let archive = try body(MappedFile(copying: bytes, path: "input")) else { return 0 }
    for entry in archive.entries.prefix(64) where entry.shape.elementCount <= 1 << 16 {
      let tensor = try archive.tensor(entry.name)
      precondition(tensor.shape == entry.shape, "another shape")
      if entry.type.isInteger { _ = try archive.integers(entry.name) }
    }
  } catch let error as CheckpointError {
    precondition(!error.description.isEmpty, "an error without words")
  } catch {
    fatalError("an error of another kind: \(error)")
  }
  return 0
}
