import Checkpoints
import Foundation
import Support
import Testing

/// The words with which a file of these bytes is refused.
func refusal(_ bytes: [UInt8], name: String = "weights.pth") throws -> String {
  try withFolder { folder in
    let path = "\(folder)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: CheckpointError.self) { try openCheckpoint(path) }
    #expect(error?.description.contains(path) == true)
    return error?.description ?? "accepted"
  }
}

/// Pickles that are damaged, or made to harm.
@Suite struct HostilePickleTests {
  typealias Writer = PickleWriter

  /// A file with one tensor `a` and something else beside it.
  static func beside(_ value: [UInt8]) -> [UInt8] {
    Writer.dictionary([("a", Writer.tensor()), ("b", value)])
  }

  static func alone(_ tensor: [UInt8]) -> [UInt8] { Writer.dictionary([("a", tensor)]) }

  static let none: [UInt8] = [0x4E]

  static let programs: [([UInt8], String)] = [
    (
      beside(Writer.call("os", "system", [Writer.text("true")])),
      "asks for the Python object 'os.system', which weights do not need; nothing was run"
    ),
    (
      beside(Writer.text("builtins") + Writer.text("eval") + [0x93]),
      "the Python object 'builtins.eval'"
    ),
    (
      beside(Writer.global("torch", "_utils._rebuild_tensor_v2\u{1B}[2J")),
      #"'torch._utils._rebuild_tensor_v2\u{1B}[2J'"#
    ),
    (beside(Writer.global(String(repeating: "x", count: 2000), "y")), "a name of 1024 bytes"),
    (beside(Writer.call("torch", "FloatStorage", [])), "found a call of 'torch.FloatStorage'"),
    (beside(none + Writer.tuple([]) + [0x52]), "expected a class or function, found None"),
    (beside(none + none + [0x62]), "expected an object to give a state to, found None"),
    (
      beside(Writer.global("torch._utils", "_rebuild_tensor_v2") + Writer.tuple([]) + [0x81]),
      "expected a class to make an instance of"
    ),
    (
      beside(
        Writer.call(
          "torch._tensor", "_rebuild_from_type_v2",
          [Writer.global("torch._tensor", "_rebuild_from_type_v2"), none, none])),
      "expected a function that makes a tensor"
    ),
    (
      beside(Writer.call("collections", "OrderedDict", [Writer.list([Writer.tuple([none])])])),
      "expected a key and its value, found 1 values"
    ),
    (
      beside(Writer.call("_codecs", "encode", [Writer.text("€"), Writer.text("latin1")])),
      "expected a Latin-1 text"
    ),
  ]

  static let structures: [([UInt8], String)] = [
    ([0x30], "expected a value to work on, found an empty stack"),
    ([0x74], "expected a mark, found none"),
    ([0x28, 0x4E, 0x75], "expected keys and values in pairs, found 1 of them"),
    ([0x28, 0x75], "expected a dictionary to add to, found nothing"),
    ([0x4E, 0x4E, 0x61], "expected a list to append to, found None"),
    ([0x4E, 0x28, 0x90], "expected a set to add to, found None"),
    ([0x68, 3], "expected a remembered value 3, found none"),
    ([0x80, 1], "expected pickle protocol 2 to 5, found protocol 1"),
    ([0x80, 6], "found protocol 6"),
    ([0x49], "expected an opcode of pickle protocol 2 to 5, found the byte 0x49"),
    ([0x58, 255, 255, 255, 127], "more bytes at byte"),
    ([0x54, 255, 255, 255, 255], "expected -1 more bytes"),
    ([0x8D] + [UInt8](repeating: 255, count: 8), "expected a length below 2^63"),
    ([0x58, 1, 0, 0, 0, 255], "expected text in UTF-8"),
    ([0x63, 0x61], "expected a line that begins at byte 3"),
    ([0x4E, 0x4E, 0x93], "expected the name of a class as two texts"),
    ([0x4E, 0x51], "expected what identifies a storage, found None"),
    ([0x4E], "expected a dictionary of tensors, found None"),
    (Writer.list([]), "expected a dictionary of tensors, found a list"),
    (Writer.tensor(), "expected a dictionary of tensors, found a tensor"),
    (
      Writer.dictionary([("a", none)]),
      "expected a dictionary of tensors, found a dictionary without"
    ),
    (Writer.dictionary([("model", Writer.dictionary([]))]), "found a dictionary without any"),
    (
      Writer.dictionary([("a", Writer.tensor()), ("a", Writer.tensor())]),
      "entry 'a': expected one entry of this name, found two"
    ),
    (
      Writer.dictionary([
        ("a.b", Writer.tensor()), ("a", Writer.dictionary([("b", Writer.tensor())])),
      ]),
      "entry 'a.b': expected one entry of this name, found two"
    ),
    (
      [0x7D, 0x28, 0x4E] + Writer.tensor() + [0x75],
      "expected names of tensors, found None as a key"
    ),
  ]

  static let tensors: [([UInt8], String)] = [
    (Writer.tensor(offset: -1), "expected an offset and strides from 0 on, found the offset -1"),
    (Writer.tensor(strides: [-3, 1]), "strides [-3, 1]"),
    (Writer.tensor(offset: 1), "expected elements within its storage of 6"),
    (Writer.tensor(shape: [3, 3]), "found the shape [3, 3], offset 0, strides [3, 1]"),
    (Writer.tensor(strides: [.max, 1]), "expected elements within its storage"),
    (Writer.tensor(offset: .max, shape: [2], strides: [1]), "expected elements within"),
    (Writer.tensor(offset: .max, shape: [], strides: []), "expected elements within"),
    (Writer.tensor(shape: [-2, 3]), "expected a size below 2^63 bytes, found the shape [-2, 3]"),
    (Writer.tensor(shape: [1 << 40, 1 << 40], strides: [0, 0]), "expected a size below 2^63"),
    (Writer.tensor(shape: [0, 1 << 40, 1 << 40], strides: [0, 0, 0]), "a size below 2^63"),
    (Writer.tensor(shape: [1 << 30], strides: [0]), "has tensors of 1073741824 elements"),
    (Writer.tensor(strides: [3]), "expected a stride for each axis of [2, 3], found [3]"),
    (
      Writer.tensor(shape: [Int](repeating: 1, count: 9), strides: [Int](repeating: 1, count: 9)),
      "strides of at most 8 axes"
    ),
    (
      Writer.tensor(Writer.storage(count: -1)),
      "expected 'storage', its class, key, device and size"
    ),
    (
      Writer.tensor(Writer.storage(count: 7)),
      "entry 'storage 0': expected 7 elements of 4 bytes, found 24 bytes"
    ),
    (Writer.tensor(Writer.storage(count: .max)), "expected 9223372036854775807 elements"),
    (Writer.tensor(Writer.storage("1")), "expected its storage '1' in the file, found none"),
    (Writer.tensor(Writer.storage("../data.pkl")), "expected its storage '../data.pkl'"),
    (
      Writer.tensor(Writer.storage(type: "ComplexFloatStorage")),
      "the Python object 'torch.ComplexFloatStorage'"
    ),
    (
      Writer.tensor(Writer.storage(type: "Size")),
      "expected a class of storages, found 'torch.Size'"
    ),
    (Writer.tensor(Writer.storage(type: "UntypedStorage")), "the tensor's element type"),
    (Writer.tensor(none), "found other arguments of 'torch._utils._rebuild_tensor_v2'"),
    (
      Writer.call("torch._utils", "_rebuild_parameter", [none]),
      "expected a tensor for 'torch._utils._rebuild_parameter', found None"
    ),
    (
      Writer.call(
        "torch._utils", "_rebuild_tensor_v3",
        [
          Writer.storage(type: "UntypedStorage"), Writer.int(0), Writer.tuple([]),
          Writer.tuple([]), none, none, Writer.global("torch", "uint16"),
        ]),
      "entry 'a': elements of type uint16 are not read"
    ),
  ]

  @Test(arguments: programs + structures) func isRefused(_ root: [UInt8], _ words: String) throws {
    let refusal = try refusal(Writer.archive(root))
    #expect(refusal.contains(words), "\(refusal)")
  }

  @Test(arguments: tensors) func badTensorsAreRefused(_ tensor: [UInt8], _ words: String) throws {
    let refusal = try refusal(Writer.archive(Self.alone(tensor)))
    #expect(refusal.contains(words), "\(refusal)")
  }

  @Test func oneStorageHasOneSizeAndType() throws {
    let other = Writer.tensor(Writer.storage(type: "IntStorage"))
    let both = Writer.dictionary([("a", Writer.tensor()), ("b", other)])
    #expect(
      try refusal(Writer.archive(both)).contains("one size and type for the storage '0', found two")
    )
  }

  @Test func bombsEndQuickly() throws {
    let depth = 100_000
    let tower: [UInt8] = [0x29] + [UInt8](repeating: 0x85, count: depth)
    let endless: [UInt8] = [0x7D, 0x71, 0] + Writer.text("model") + [0x68, 0, 0x73]
    let endlessList: [UInt8] = [0x5D, 0x71, 1, 0x68, 1, 0x61]
    // Each list holds the one before it twice: 40 of them look like 2^40 values.
    var doubling: [UInt8] = [0x29]
    for _ in 0..<40 { doubling += [0x71, 2, 0x30, 0x68, 2, 0x68, 2, 0x86] }
    let pairs = Writer.list((0..<1000).map { _ in Writer.tuple([Self.none, Self.none]) })
    let copies = [UInt8]([0x68, 5, 0x68, 4, 0x52, 0x30])
    var copying = Writer.global("collections", "OrderedDict") + [0x71, 5, 0x30] + pairs
    copying += [0x85, 0x71, 4, 0x30]
    for _ in 0..<3000 { copying += copies }
    copying += Self.none
    for (value, words) in [
      (tower, "deeper or endless dictionaries"), (endlessList, "deeper or endless"),
      (doubling, "more values beside its tensors, the limit is 500000 values"),
      (copying, "a pickle with more, the limit is 4000000 values"),
      ([UInt8](repeating: 0x4E, count: 1_000_010), "1000000 values waiting"),
      ([UInt8](repeating: 0x28, count: 1_000_010), "1000000 marks"),
      ([0x4E, 0x72, 255, 255, 255, 127], "1000000 remembered values"),
      ([UInt8](repeating: 0x29, count: 100) + [0x8B, 255, 255, 255, 127], "more bytes at byte"),
    ] as [([UInt8], String)] {
      let refusal = try refusal(Writer.archive(Self.beside(value)))
      #expect(refusal.contains(words), "\(refusal)")
    }
    #expect(try refusal(Writer.archive(endless)).contains("deeper or endless dictionaries"))
  }

  /// The limits' last accepted and first refused value.
  @Test func limitsAreWhereTheyAreSaidToBe() throws {
    func archive(_ names: some Collection<String>) throws -> [UInt8] {
      // One tensor, remembered, under many names.
      var root: [UInt8] = [0x7D, 0x28]
      for (i, name) in names.enumerated() {
        root += Writer.text(name)
        root += i == 0 ? Writer.tensor() + [0x71, 0] : [0x68, 0]
      }
      return Writer.archive(root + [0x75])
    }
    func accepted(_ bytes: [UInt8]) throws -> Int {
      try withFile(bytes: bytes) { try openCheckpoint($0).entries.count }
    }
    #expect(try accepted(archive((0..<65_536).map(String.init))) == 65_536)
    #expect(
      try refusal(archive((0..<65_537).map(String.init)))
        .contains("more entries, the limit is 65536 entries"))
    #expect(try accepted(archive([String(repeating: "n", count: 1_024)])) == 1)
    #expect(
      try refusal(archive([String(repeating: "n", count: 1_025)]))
        .contains("a name of 1025 bytes"))
    let ones = [Int](repeating: 1, count: 8)
    #expect(
      try accepted(Writer.archive(Self.alone(Writer.tensor(shape: ones, strides: ones)))) == 1)
    func nested(_ depth: Int) -> [UInt8] {
      (0..<depth).reduce(Writer.tensor()) { value, _ in Writer.dictionary([("d", value)]) }
    }
    #expect(try accepted(Writer.archive(nested(64))) == 1)
    #expect(try refusal(Writer.archive(nested(65))).contains("the limit is 64 levels"))
  }

  @Test(arguments: [("types.pth", 5), ("types.legacy.pth", 1), ("zoo.tar.gz", 3)])
  func cutFilesAreRefused(_ name: String, step: Int) throws {
    let whole = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: Golden.path("Checkpoints/PyTorch/\(name)"))))
    try withFolder { folder in
      let path = "\(folder)/cut"
      try Data(whole).write(to: URL(fileURLWithPath: path))
      for count in stride(from: whole.count - 1, through: 0, by: -step) {
        truncate(path, count)
        #expect(throws: CheckpointError.self, "\(count)") { try openCheckpoint(path) }
      }
    }
  }
}
