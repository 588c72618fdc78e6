/// The opcodes that name classes and functions: what they would make is described, not made.
extension PickleInterpreter {
  mutating func object(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .global:
      let module = try reader.text(try reader.line())
      try push(try known(module: module, name: try reader.text(try reader.line())))
    case .stackGlobal:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw malformed("the name of a class as two texts", found: "something else")
      }
      try push(try known(module: module, name: name))
    case .reduce:
      let arguments = try pop()
      try push(try apply(try pop(), arguments))
    case .newObject:
      let arguments = try pop()
      try push(try instance(try pop(), arguments, more: []))
    case .newObjectEx:
      let keywords = try pop()
      let arguments = try pop()
      try push(try instance(try pop(), arguments, more: [keywords]))
    case .persistentId: try push(try storage(try pop()))
    default: try build(state: try pop())
    }
  }

  private func known(module: String, name: String) throws -> PickleValue {
    guard module.utf8.count + name.utf8.count < TensorLimit.nameBytes else {
      throw overLimit("a name of \(TensorLimit.nameBytes) bytes")
    }
    let name = "\(module).\(name)"
    guard PickleGlobal.named(name) != nil else {
      throw CheckpointError.refusedGlobal(file: reader.file, name: name)
    }
    return .global(name)
  }

  private func global(_ value: PickleValue) throws -> (name: String, meaning: PickleGlobal) {
    guard case .global(let name) = value, let meaning = PickleGlobal.named(name) else {
      throw malformed("a class or function", found: pickle.kind(value))
    }
    return (name, meaning)
  }

  private func sequence(_ value: PickleValue, _ words: String) throws -> [PickleValue] {
    guard let items = pickle.sequence(value) else {
      throw malformed(words, found: pickle.kind(value))
    }
    return items
  }

  /// What calling the function with a tuple of arguments would give.
  private mutating func apply(
    _ function: PickleValue, _ arguments: PickleValue
  ) throws -> PickleValue {
    let (name, meaning) = try global(function)
    let items = try sequence(arguments, "the arguments of '\(name)'")
    switch meaning {
    case .dictionary: return try dictionary(items.first)
    case .defaultDictionary: return try dictionary(items.dropFirst().first)
    case .set: return try node(.set, try items.first.map { try sequence($0, "members") } ?? [])
    case .size: return try node(.tuple, try items.first.map { try sequence($0, "a size") } ?? [])
    case .tensor(let typeAt): return try tensor(items, typeAt: typeAt, name: name)
    case .firstArgument:
      guard let first = items.first, pickle.tensor(first) != nil else {
        throw malformed("a tensor for '\(name)'", found: items.first.map(pickle.kind) ?? "nothing")
      }
      return first
    case .indirect:
      guard items.count >= 3, case .tensor = try global(items[0]).meaning else {
        throw malformed("a function that makes a tensor for '\(name)'", found: "something else")
      }
      return try apply(items[0], items[2])
    case .encode:
      guard items.count == 2, case .text(let text) = items[0],
        items[1] == .text("latin1") || items[1] == .text("latin-1"),
        let bytes = latin1(text)
      else { throw malformed("a Latin-1 text for '\(name)'", found: "something else") }
      return .bytes(bytes)
    case .numpyScalar: return try numpyScalar(items) ?? node(.object(name), items)
    case .plain: return try node(.object(name), items)
    case .storage, .elementType:
      throw malformed("a function that weights need", found: "a call of '\(name)'")
    }
  }

  private mutating func instance(
    _ type: PickleValue, _ arguments: PickleValue, more: [PickleValue]
  ) throws -> PickleValue {
    let (name, meaning) = try global(type)
    switch meaning {
    case .plain:
      return try node(.object(name), try sequence(arguments, "the arguments of '\(name)'") + more)
    case .dictionary, .defaultDictionary, .set, .size: return try apply(type, arguments)
    default: throw malformed("a class to make an instance of", found: "'\(name)'")
    }
  }

  /// A new dictionary with the members of another one, or of a list of pairs.
  private mutating func dictionary(_ source: PickleValue?) throws -> PickleValue {
    guard let source else { return try node(.dictionary) }
    if let members = pickle.members(source) {
      return try node(.dictionary, members.flatMap { [$0.key, $0.value] })
    }
    var items: [PickleValue] = []
    for pair in try sequence(source, "the members of a dictionary") {
      let parts = try sequence(pair, "a key and its value")
      guard parts.count == 2 else {
        throw malformed("a key and its value", found: "\(parts.count) values")
      }
      items += parts
    }
    return try node(.dictionary, items)
  }

  /// Gives an object its state. Attributes of a dictionary, such as a state_dict's versions of its
  /// modules, are of no use here.
  private mutating func build(state: PickleValue) throws {
    let target = try pop()
    try push(target)
    guard case .node(let place) = target else {
      throw malformed("an object to give a state to", found: pickle.kind(target))
    }
    switch pickle.nodes[place].kind {
    case .dictionary: break
    case .object: pickle.nodes[place].items.append(state)
    default: throw malformed("an object to give a state to", found: pickle.kind(target))
    }
  }

  /// `('storage', class, key, device, count)`, in old files with None behind it.
  private mutating func storage(_ identifier: PickleValue) throws -> PickleValue {
    let parts = try sequence(identifier, "what identifies a storage")
    guard parts.count == 5 || parts.count == 6 && parts[5] == .none,
      parts[0] == .text("storage"), case .text(let key) = parts[2],
      case .integer(let count) = parts[4], count >= 0
    else {
      throw malformed(
        "'storage', its class, key, device and size", found: "something else of \(parts.count)")
    }
    let (name, meaning) = try global(parts[1])
    guard case .storage(let type) = meaning else {
      throw malformed("a class of storages", found: "'\(name)'")
    }
    let storage = PickleStorage(key: key, type: type, count: count)
    if let place = storagePlaces[key] {
      guard pickle.storages[place] == storage else {
        throw malformed("one size and type for the storage '\(key)'", found: "two")
      }
      return try node(.storage(place))
    }
    storagePlaces[key] = pickle.storages.count
    pickle.storages.append(storage)
    return try node(.storage(pickle.storages.count - 1))
  }

  /// A tensor of `(storage, offset, shape, strides, ...)`.
  private mutating func tensor(
    _ items: [PickleValue], typeAt: Int?, name: String
  ) throws -> PickleValue {
    guard items.count > max(typeAt ?? 0, 3), case .node(let place) = items[0],
      case .storage(let storage) = pickle.nodes[place].kind,
      case .integer(let offset) = items[1],
      let shape = numbers(items[2]), let strides = numbers(items[3])
    else {
      throw malformed(
        "a storage, an offset, a shape and strides of at most \(TensorLimit.rank) axes",
        found: "other arguments of '\(name)'")
    }
    var type = pickle.storages[storage].type.map { PickleTensor.TypeName.known($0) }
    if let typeAt, case .elementType(let given) = try global(items[typeAt]).meaning {
      type = given
    }
    guard let type else { throw malformed("the tensor's element type", found: "none") }
    pickle.tensors.append(
      PickleTensor(storage: storage, type: type, offset: offset, shape: shape, strides: strides))
    return try node(.tensor(pickle.tensors.count - 1))
  }

  private func numbers(_ value: PickleValue) -> [Int]? {
    guard let items = pickle.sequence(value), items.count <= TensorLimit.rank else { return nil }
    let numbers = items.compactMap { item -> Int? in
      if case .integer(let number) = item { number } else { nil }
    }
    return numbers.count == items.count ? numbers : nil
  }

  private func latin1(_ text: String) -> [UInt8]? {
    let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
    return bytes.count == text.unicodeScalars.count ? bytes : nil
  }

  /// The number that `scalar(dtype, bytes)` holds; nil for types that are rare in options.
  private func numpyScalar(_ items: [PickleValue]) throws -> PickleValue? {
    guard items.count == 2, case .bytes(let bytes) = items[1], case .node(let place) = items[0],
      pickle.nodes[place].kind == .object("numpy.dtype"),
      case .text(let code)? = pickle.nodes[place].items.first
    else { return nil }
    let types: [String: ElementType] = [
      "f8": .float64, "f4": .float32, "f2": .float16, "i8": .int64, "i4": .int32, "i2": .int16,
      "i1": .int8, "u1": .uint8, "b1": .bool,
    ]
    if let state = pickle.nodes[place].items.last.flatMap(pickle.sequence), state.count > 1,
      state[1] == .text(">")
    {
      return nil
    }
    guard let type = types[code], bytes.count == type.size else { return nil }
    return bytes.withUnsafeBytes { bytes in
      switch type {
      case .bool: .bool(bytes[0] != 0)
      case .float64: .number(Double(bitPattern: bytes.loadUnaligned(as: UInt64.self)))
      case .float32, .float16, .bfloat16:
        .number(
          withUnsafeTemporaryAllocation(of: Float.self, capacity: 1) {
            type.convert(bytes, to: $0.baseAddress!)
            return Double($0[0])
          })
      default: .integer(type.integers(bytes)![0])
      }
    }
  }
}
