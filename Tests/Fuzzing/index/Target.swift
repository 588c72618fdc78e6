@testable import Checkpoints

/// Indexes of weights that are spread over several files; the files themselves are left alone.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  exercise(data, count) {
    let index = try ShardIndex(file: $0.path, bytes: $0.bytes)
    for (_, file) in index.files {
      precondition(!file.contains("/") && file != "..", "a name that leads elsewhere")
    }
    return nil
  }
}
