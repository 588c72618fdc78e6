/// The PyTorch format since 1.6: a zip archive with `data.pkl` and a member for each storage.
enum PyTorchZip {
  static let format = "PyTorch"

  static func open(_ mapping: MappedFile) throws -> PyTorchArchive {
    let file = mapping.path
    let members = try ZipDirectory(file: file, bytes: mapping.bytes).members
    // The top folder has the name that the file had when it was written.
    let suffix = "/data.pkl"
    let folders = members.keys.compactMap { name -> Substring? in
      guard name.hasSuffix(suffix) else { return nil }
      let folder = name.dropLast(suffix.count)
      return folder.contains("/") ? nil : folder
    }
    guard folders.count == 1, let folder = folders.first, let pickled = members[folder + suffix]
    else {
      throw CheckpointError.malformed(
        file: file, format: "PyTorch file", expected: "one member 'data.pkl' in one folder",
        found: folders.isEmpty ? "none" : "\(folders.count)")
    }
    if let order = members["\(folder)/byteorder"] {
      let word = String(decoding: mapping.bytes[order].prefix(16), as: UTF8.self)
      guard word == "little" else {
        throw CheckpointError.malformed(
          file: file, format: "PyTorch file", expected: "the byte order 'little'",
          found: "'\(word)'")
      }
    }
    var reader = ByteReader(
      UnsafeRawBufferPointer(rebasing: mapping.bytes[pickled]), file: file,
      format: "PyTorch file")
    let pickle = try PickleInterpreter.read(&reader)
    let ranges = try pickle.storages.map { storage -> Range<Int>? in
      guard let range = members["\(folder)/data/\(storage.key)"] else { return nil }
      try storage.check(bytes: range.count, file: file)
      return range
    }
    return try PyTorchArchive(mapping, format: format, pickle: pickle, ranges: ranges)
  }
}

extension PickleStorage {
  /// Bytes that it needs; nil beyond 2^63.
  var byteCount: Int? {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type?.size ?? 1)
    return overflow ? nil : bytes
  }

  /// Checks that the file has as many bytes for it as it needs.
  func check(bytes: Int, file: String) throws {
    guard let needed = byteCount, needed <= bytes else {
      throw CheckpointError.malformedEntry(
        file: file, entry: "storage \(key)",
        expected: "\(count) elements of \(type?.size ?? 1) bytes", found: "\(bytes) bytes")
    }
  }
}
