import Tensors

/// The weights of a PyTorch file, mapped into memory.
///
/// Opening reads the description only; the data of a tensor is read when it is asked for. Rows of
/// 32-bit floats that lie in order refer to the mapping itself.
struct PyTorchArchive: TensorArchive {
  let path: String
  let format: String
  let entries: [TensorEntry]
  let metadata: [String: String]
  let document: CheckpointValue?
  private let mapping: MappedFile
  private let views: [String: StridedView]

  /// Checks the tensors that a pickle describes.
  ///
  /// - Parameter ranges: where each of the pickle's storages lies in the file; nil where the file
  ///   has no such storage.
  init(
    _ mapping: MappedFile, format: String, pickle: Pickle, ranges: [Range<Int>?]
  ) throws {
    path = mapping.path
    self.mapping = mapping
    self.format = format
    metadata = [:]
    let state = try StateDictionary(pickle, file: path)
    document = state.document
    var views: [String: StridedView] = [:]
    var occurrences: [StridedView: Int] = [:]
    for (name, place) in state.tensors {
      let tensor = pickle.tensors[place]
      guard let range = ranges[tensor.storage] else {
        throw CheckpointError.malformedEntry(
          file: path, entry: name,
          expected: "its storage '\(pickle.storages[tensor.storage].key)' in the file",
          found: "none")
      }
      let view = try StridedView(tensor, name: name, storage: range, file: path)
      views[name] = view
      occurrences[view, default: 0] += 1
    }
    self.views = views
    try Self.checkTotal(occurrences.keys, mapping)
    var aliases: [StridedView: Int] = [:]
    entries = state.tensors.map { name, _ in
      let view = views[name]!
      var alias: Int?
      if occurrences[view]! > 1, view.elementCount > 0 {
        alias = aliases[view] ?? aliases.count
        aliases[view] = alias
      }
      return TensorEntry(name: name, type: view.type, shape: view.shape, alias: alias)
    }
  }

  /// Refuses many large views of few bytes, which would fill the memory once they are read.
  private static func checkTotal(
    _ views: some Sequence<StridedView>, _ mapping: MappedFile
  ) throws {
    let limit = mapping.bytes.count * 4 + 1 << 24
    var total = 0
    for view in views {
      let (sum, overflow) = total.addingReportingOverflow(view.elementCount)
      total = overflow ? .max : sum
    }
    guard total <= limit else {
      throw CheckpointError.overLimit(
        file: mapping.path, limit: "\(limit) for a file of \(mapping.bytes.count) bytes",
        found: "tensors of \(total) elements")
    }
  }

  private func view(_ name: String) throws -> StridedView {
    guard let view = views[name] else { throw missing(name) }
    return view
  }

  func tensor(_ name: String) throws -> Tensor {
    let view = try view(name)
    return view.withElements(in: mapping.bytes) { bytes in
      // What was gathered is gone afterwards; only the file itself may be referred to.
      let isInFile = bytes.baseAddress.map { mapping.bytes.contains($0) } ?? false
      return isInFile
        ? mapping.tensor(bytes, type: view.type, shape: view.shape)
        : Tensor(shape: view.shape) { view.type.convert(bytes, to: $0) }
    }
  }

  func integers(_ name: String) throws -> [Int] {
    let view = try view(name)
    return try withExtendedLifetime(mapping) {
      try view.withElements(in: mapping.bytes) { bytes in
        guard let result = view.type.integers(bytes) else {
          throw CheckpointError.wrongElementType(
            file: path, entry: name, expected: "whole numbers", found: view.type.rawValue)
        }
        return result
      }
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the address lies in this memory.
  fileprivate func contains(_ address: UnsafeRawPointer) -> Bool {
    guard let baseAddress else { return false }
    return address >= baseAddress && address < baseAddress + count
  }
}
