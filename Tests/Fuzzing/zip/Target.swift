@testable import Checkpoints

/// Zip archives with PyTorch's members.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  exercise(data, count) { try PyTorchZip.open($0) }
}
