@testable import Checkpoints

/// PyTorch files from before 1.6.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  exercise(data, count) { try PyTorchLegacy.open($0) }
}
