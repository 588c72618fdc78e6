@testable import Checkpoints

/// Compressed tar archives with weights.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  exercise(data, count) { try PackedArchive.open($0, isCompressed: true) }
}
