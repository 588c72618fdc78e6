@testable import Checkpoints

/// Pickles alone; every storage they name is the input itself.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  exercise(data, count) { mapping in
    var reader = ByteReader(mapping.bytes, file: mapping.path, format: "pickle")
    let pickle = try PickleInterpreter.read(&reader)
    let ranges = pickle.storages.map { _ -> Range<Int>? in 0..<mapping.bytes.count }
    return try PyTorchArchive(mapping, format: "pickle", pickle: pickle, ranges: ranges)
  }
}
