import Support

/// Writes pickles by hand, opcode by opcode, so that they can be wrong in any way.
enum PickleWriter {
  static func file(_ root: [UInt8]) -> [UInt8] { [0x80, 2] + root + [0x2E] }

  static func text(_ text: String) -> [UInt8] {
    [0x58] + little(UInt32(text.utf8.count)) + Array(text.utf8)
  }

  /// A number of 64 bits.
  static func int(_ number: Int) -> [UInt8] { [0x8A, 8] + little(number) }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    [0x63] + Array("\(module)\n\(name)\n".utf8)
  }

  static func tuple(_ items: [[UInt8]]) -> [UInt8] { [0x28] + items.joined() + [0x74] }

  static func list(_ items: [[UInt8]]) -> [UInt8] { [0x5D, 0x28] + items.joined() + [0x65] }

  static func dictionary(_ members: [(String, [UInt8])]) -> [UInt8] {
    [0x7D, 0x28] + members.flatMap { text($0.0) + $0.1 } + [0x75]
  }

  /// The call of a function.
  static func call(_ module: String, _ name: String, _ arguments: [[UInt8]]) -> [UInt8] {
    global(module, name) + tuple(arguments) + [0x52]
  }

  static func storage(
    _ key: String = "0", type: String = "FloatStorage", count: Int = 6
  ) -> [UInt8] {
    tuple([text("storage"), global("torch", type), text(key), text("cpu"), int(count)]) + [0x51]
  }

  static func tensor(
    _ storage: [UInt8] = storage(), offset: Int = 0, shape: [Int] = [2, 3],
    strides: [Int] = [3, 1]
  ) -> [UInt8] {
    call(
      "torch._utils", "_rebuild_tensor_v2",
      [
        storage, int(offset), tuple(shape.map(int)), tuple(strides.map(int)), [0x89],
        call("collections", "OrderedDict", []),
      ])
  }

  /// A PyTorch file around a pickle, with one storage of 6 floats.
  static func archive(_ root: [UInt8], storage: [UInt8] = zeros(24)) -> [UInt8] {
    ZipWriter(members: [
      .init("model/data.pkl", file(root)), .init("model/byteorder", Array("little".utf8)),
      .init("model/data/0", storage),
    ]).bytes
  }

  static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}
