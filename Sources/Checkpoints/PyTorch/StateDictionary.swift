import Tensors

/// The weights within a pickle, and what stands beside them.
struct StateDictionary {
  /// Names with places in `Pickle.tensors`, in the order of the file.
  private(set) var tensors: [(name: String, place: Int)] = []
  /// Everything else; nil for nothing.
  private(set) var document: CheckpointValue?

  /// Keys under which training programs keep the weights: DETR and MMF, Lightning, others.
  private static let wrappers = ["model", "state_dict", "model_state_dict"]
  private static let depthLimit = 64
  private static let valueLimit = 500_000

  private let pickle: Pickle
  private let file: String
  private var valueCount = 0
  /// Whether tensors are part of the document; not where all tensors are weights.
  private var keepsTensors = true

  init(_ pickle: Pickle, file: String) throws {
    self.pickle = pickle
    self.file = file
    guard let members = pickle.members(pickle.root) else {
      throw malformed(
        "a dictionary of tensors", found: pickle.kind(pickle.root))
    }
    let wrapper = Self.wrappers.lazy
      .compactMap { name in members.firstIndex { $0.key == .text(name) } }
      .first { pickle.members(members[$0].value) != nil }
    if let wrapper {
      try collect(members[wrapper].value, prefix: "", depth: 0)
      document = try dictionary(members.enumerated().filter { $0.offset != wrapper }.map(\.element))
    } else {
      try collect(pickle.root, prefix: "", depth: 0)
      keepsTensors = false
      document = try dictionary(members)
    }
    guard !tensors.isEmpty else {
      throw malformed("a dictionary of tensors", found: "a dictionary without any")
    }
    try stripModule()
    var names: Set<String> = []
    for (name, _) in tensors where !names.insert(name).inserted {
      throw CheckpointError.malformedEntry(
        file: file, entry: name, expected: "one entry of this name", found: "two")
    }
  }

  /// Adds the tensors of a dictionary; those of a dictionary in it get names joined by dots.
  private mutating func collect(_ value: PickleValue, prefix: String, depth: Int) throws {
    guard depth < Self.depthLimit else { throw tooDeep() }
    for (key, value) in pickle.members(value) ?? [] {
      try countValue()
      let place = pickle.tensor(value)
      guard place != nil || pickle.members(value) != nil else { continue }
      let name: String
      switch key {
      case .text(let text): name = prefix + text
      case .integer(let number): name = "\(prefix)\(number)"
      default: throw malformed("names of tensors", found: "\(pickle.kind(key)) as a key")
      }
      if let place {
        guard name.utf8.count <= TensorLimit.nameBytes else {
          try TensorLimit.check(name: name, shape: [], type: .uint8, file: file)
          continue
        }
        try TensorLimit.check(count: tensors.count + 1, file: file)
        tensors.append((name, place))
      } else if name.utf8.count <= TensorLimit.nameBytes {
        try collect(value, prefix: name + ".", depth: depth + 1)
      } else {
        throw tooDeep()
      }
    }
  }

  /// Removes the `module.` that PyTorch's DataParallel puts before every name.
  private mutating func stripModule() throws {
    let prefix = "module."
    guard tensors.allSatisfy({ $0.name.hasPrefix(prefix) }) else { return }
    tensors = tensors.map { (String($0.name.dropFirst(prefix.count)), $0.place) }
  }

  // MARK: Document

  private mutating func dictionary(
    _ members: [(key: PickleValue, value: PickleValue)]
  ) throws -> CheckpointValue? {
    let members = try plain(members, depth: 0)
    return members.isEmpty ? nil : .dictionary(members)
  }

  private mutating func plain(
    _ members: [(key: PickleValue, value: PickleValue)], depth: Int
  ) throws -> [CheckpointValue.Member] {
    var result: [CheckpointValue.Member] = []
    for (key, value) in members where keepsTensors || pickle.tensor(value) == nil {
      let member = CheckpointValue.Member(
        key: try plain(key, depth: depth + 1), value: try plain(value, depth: depth + 1))
      let isEmptied =
        !keepsTensors && member.value == .dictionary([]) && pickle.members(value)?.isEmpty == false
      if !isEmptied { result.append(member) }
    }
    return result
  }

  private mutating func plain(_ value: PickleValue, depth: Int) throws -> CheckpointValue {
    guard depth < Self.depthLimit else { throw tooDeep() }
    try countValue()
    switch value {
    case .none: return .none
    case .bool(let bool): return .bool(bool)
    case .integer(let number): return .integer(number)
    case .number(let number): return .number(number)
    case .text(let text): return .text(text)
    case .bytes(let bytes): return .bytes(count: bytes.count)
    case .global(let name): return .text(name)
    case .node(let place): return try plain(pickle.nodes[place], value, depth: depth)
    }
  }

  private mutating func plain(
    _ node: PickleNode, _ value: PickleValue, depth: Int
  ) throws -> CheckpointValue {
    switch node.kind {
    case .dictionary: return .dictionary(try plain(pickle.members(value)!, depth: depth))
    case .list, .tuple, .set: return .list(try plain(node.items, depth: depth))
    case .object(let name):
      return .object(className: name, parts: try plain(node.items, depth: depth))
    case .tensor(let place):
      let tensor = pickle.tensors[place]
      switch tensor.type {
      case .known(let type): return .tensor(type: type, shape: tensor.shape)
      case .unknown(let name): return .object(className: "torch.\(name)", parts: [])
      }
    case .storage(let place): return .bytes(count: pickle.storages[place].count)
    }
  }

  private mutating func plain(_ items: [PickleValue], depth: Int) throws -> [CheckpointValue] {
    var result: [CheckpointValue] = []
    for item in items { result.append(try plain(item, depth: depth + 1)) }
    return result
  }

  /// Counts what is looked at: a container that occurs often in itself looks endless.
  private mutating func countValue() throws {
    valueCount += 1
    guard valueCount <= Self.valueLimit else {
      throw CheckpointError.overLimit(
        file: file, limit: "\(Self.valueLimit) values", found: "more values beside its tensors")
    }
  }

  private func tooDeep() -> CheckpointError {
    .overLimit(
      file: file, limit: "\(Self.depthLimit) levels", found: "deeper or endless dictionaries")
  }

  private func malformed(_ expected: String, found: String) -> CheckpointError {
    .malformed(file: file, format: "PyTorch file", expected: expected, found: found)
  }
}
