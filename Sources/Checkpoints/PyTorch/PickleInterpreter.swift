/// Reads a pickle of protocol 2 to 5 into data.
///
/// Mirrors the opcodes of Python's `pickletools`, with one difference in kind: nothing is imported
/// and nothing is called. A name is looked up in `PickleGlobal`'s table of what it means in a file
/// of weights, and any other name ends the reading.
struct PickleInterpreter {
  /// Limits that no real checkpoint comes near.
  enum Limit {
    static let bytes = TensorLimit.headerBytes
    static let depth = 1_000_000
    static let items = 4_000_000
  }

  var reader: ByteReader
  var pickle = Pickle()
  var storagePlaces: [String: Int] = [:]
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [PickleValue?] = []
  private var itemCount = 0

  /// Reads the pickle at the reader's position; the reader stands behind it afterwards.
  static func read(_ reader: inout ByteReader) throws -> Pickle {
    var interpreter = PickleInterpreter(reader: reader)
    let start = reader.position
    while try interpreter.step() {
      guard interpreter.reader.position - start <= Limit.bytes else {
        throw CheckpointError.overLimit(
          file: reader.file, limit: "\(Limit.bytes) bytes", found: "a longer pickle")
      }
    }
    reader = interpreter.reader
    return interpreter.pickle
  }

  private init(reader: ByteReader) { self.reader = reader }

  // MARK: Stack

  mutating func push(_ value: PickleValue) throws {
    guard stack.count < Limit.depth else { throw overLimit("\(Limit.depth) values waiting") }
    stack.append(value)
  }

  mutating func pop() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0) else {
      throw malformed("a value to work on", found: "an empty stack")
    }
    return stack.removeLast()
  }

  /// Takes everything above the last mark.
  private mutating func popMark() throws -> ArraySlice<PickleValue> {
    guard let mark = marks.popLast() else { throw malformed("a mark", found: "none") }
    defer { stack.removeSubrange(mark...) }
    return stack[mark...]
  }

  /// The place of the container on top of the stack, which must be of the wanted kind.
  private func top(_ kind: PickleNode.Kind, _ words: String) throws -> Int {
    guard stack.count > (marks.last ?? 0), case .node(let place) = stack[stack.count - 1],
      pickle.nodes[place].kind == kind
    else {
      throw malformed(words, found: stack.last.map(pickle.kind) ?? "nothing")
    }
    return place
  }

  private mutating func count(_ items: Int) throws {
    itemCount += items
    guard itemCount <= Limit.items else { throw overLimit("\(Limit.items) values") }
  }

  func overLimit(_ limit: String) -> CheckpointError {
    .overLimit(file: reader.file, limit: limit, found: "a pickle with more")
  }

  func malformed(_ expected: String, found: String) -> CheckpointError {
    reader.malformed(expected, found: "\(found), at byte \(reader.position) of the pickle")
  }

  /// Adds a container and gives the value that refers to it.
  mutating func node(
    _ kind: PickleNode.Kind, _ items: some Collection<PickleValue> = []
  ) throws -> PickleValue {
    try count(items.count + 1)
    pickle.nodes.append(PickleNode(kind: kind, items: Array(items)))
    return .node(pickle.nodes.count - 1)
  }

  private mutating func append(_ items: some Collection<PickleValue>, to place: Int) throws {
    try count(items.count)
    pickle.nodes[place].items.append(contentsOf: items)
  }

  // MARK: Opcodes

  /// Performs one opcode; false at the end of the pickle.
  private mutating func step() throws -> Bool {
    let code = try reader.number(UInt8.self)
    guard let opcode = PickleOpcode(rawValue: code) else {
      throw malformed(
        "an opcode of pickle protocol 2 to 5",
        found: "the byte 0x\(String(code, radix: 16))")
    }
    switch opcode {
    case .proto:
      let version = try reader.number(UInt8.self)
      guard (2...5).contains(version) else {
        throw malformed("pickle protocol 2 to 5", found: "protocol \(version)")
      }
    case .frame: _ = try reader.take(8)
    case .stop:
      pickle.root = try pop()
      return false
    case .mark:
      guard marks.count < Limit.depth else { throw overLimit("\(Limit.depth) marks") }
      marks.append(stack.count)
    case .pop:
      if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
    case .popMark: _ = try popMark()
    case .dup:
      let value = try pop()
      try push(value)
      try push(value)
    case .binput: try remember(at: Int(try reader.number(UInt8.self)))
    case .longBinput: try remember(at: Int(try reader.number(UInt32.self)))
    case .memoize: try remember(at: memo.count)
    case .binget: try push(try recall(Int(try reader.number(UInt8.self))))
    case .longBinget: try push(try recall(Int(try reader.number(UInt32.self))))
    case .none, .newTrue, .newFalse, .binint, .binint1, .binint2, .long1, .long4, .binfloat,
      .binunicode, .shortBinunicode, .binunicode8, .binstring, .shortBinstring, .binbytes,
      .shortBinbytes, .binbytes8, .bytearray8:
      try push(try scalar(opcode))
    case .emptyList, .list, .append, .appends, .emptyTuple, .tuple, .tuple1, .tuple2, .tuple3,
      .emptyDict, .dict, .setItem, .setItems, .emptySet, .addItems, .frozenSet:
      try container(opcode)
    case .global, .stackGlobal, .reduce, .newObject, .newObjectEx, .build, .persistentId:
      try object(opcode)
    }
    return true
  }

  private mutating func remember(at place: Int) throws {
    guard place < Limit.depth else { throw overLimit("\(Limit.depth) remembered values") }
    let value = try pop()
    try push(value)
    while memo.count <= place { memo.append(nil) }
    memo[place] = value
  }

  private func recall(_ place: Int) throws -> PickleValue {
    guard place < memo.count, let value = memo[place] else {
      throw malformed("a remembered value \(place)", found: "none")
    }
    return value
  }

  private mutating func scalar(_ opcode: PickleOpcode) throws -> PickleValue {
    switch opcode {
    case .newTrue: return .bool(true)
    case .newFalse: return .bool(false)
    case .binint: return .integer(Int(try reader.number(Int32.self)))
    case .binint1: return .integer(Int(try reader.number(UInt8.self)))
    case .binint2: return .integer(Int(try reader.number(UInt16.self)))
    case .long1: return try long(Int(try reader.number(UInt8.self)))
    case .long4: return try long(Int(try reader.number(Int32.self)))
    case .binfloat:
      return .number(Double(bitPattern: try reader.number(UInt64.self).byteSwapped))
    case .binunicode: return .text(try reader.text(Int(try reader.number(UInt32.self))))
    case .shortBinunicode: return .text(try reader.text(Int(try reader.number(UInt8.self))))
    case .binunicode8: return .text(try reader.text(try reader.length(UInt64.self)))
    case .binstring: return string(try reader.take(Int(try reader.number(Int32.self))))
    case .shortBinstring: return string(try reader.take(Int(try reader.number(UInt8.self))))
    case .binbytes: return .bytes(Array(try reader.take(Int(try reader.number(UInt32.self)))))
    case .shortBinbytes:
      return .bytes(Array(try reader.take(Int(try reader.number(UInt8.self)))))
    case .binbytes8, .bytearray8:
      return .bytes(Array(try reader.take(try reader.length(UInt64.self))))
    default: return .none
    }
  }

  /// A two's-complement number of any length; longer ones than 64 bits are kept as bytes.
  private mutating func long(_ length: Int) throws -> PickleValue {
    let bytes = try reader.take(length)
    guard length > 0 else { return .integer(0) }
    guard length <= 8 else { return .bytes(Array(bytes)) }
    var value = bytes[length - 1] >= 0x80 ? -1 : 0
    for byte in bytes.reversed() { value = value << 8 | Int(byte) }
    return .integer(value)
  }

  /// A text of Python 2, whose encoding is unknown where it is not UTF-8.
  private func string(_ bytes: UnsafeRawBufferPointer) -> PickleValue {
    String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .bytes(Array(bytes))
  }

  private mutating func container(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .emptyList: try push(try node(.list))
    case .emptyTuple: try push(try node(.tuple))
    case .emptyDict: try push(try node(.dictionary))
    case .emptySet: try push(try node(.set))
    case .list: try push(try node(.list, try popMark()))
    case .tuple: try push(try node(.tuple, try popMark()))
    case .frozenSet: try push(try node(.set, try popMark()))
    case .tuple1, .tuple2, .tuple3:
      var items: [PickleValue] = []
      for _ in 0..<opcode.tupleCount { items.append(try pop()) }
      try push(try node(.tuple, items.reversed()))
    case .append:
      let value = try pop()
      try append([value], to: try top(.list, "a list to append to"))
    case .appends:
      let items = try popMark()
      try append(items, to: try top(.list, "a list to append to"))
    case .addItems:
      let items = try popMark()
      try append(items, to: try top(.set, "a set to add to"))
    case .dict: try push(try node(.dictionary, try pairs(try popMark())))
    case .setItem:
      let value = try pop()
      let key = try pop()
      try append([key, value], to: try top(.dictionary, "a dictionary to add to"))
    default:
      let items = try pairs(try popMark())
      try append(items, to: try top(.dictionary, "a dictionary to add to"))
    }
  }

  private func pairs(_ items: ArraySlice<PickleValue>) throws -> ArraySlice<PickleValue> {
    guard items.count % 2 == 0 else {
      throw malformed("keys and values in pairs", found: "\(items.count) of them")
    }
    return items
  }
}
