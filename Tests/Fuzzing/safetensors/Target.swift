@testable import Checkpoints

/// Safetensors headers and data.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  exercise(data, count) { try SafetensorsFile($0) }
}
