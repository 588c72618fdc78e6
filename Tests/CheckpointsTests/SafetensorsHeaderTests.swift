import Checkpoints
import Foundation
import Testing

/// What the reference implementation refuses, and what it accepts.
@Suite struct SafetensorsHeaderTests {
  /// A header of one entry `a`, with changes.
  static func header(
    type: String = "U8", shape: String = "[2]", offsets: String = "[0,2]", more: String = ""
  ) -> String {
    "{\(entry("a", type: type, shape: shape, offsets: offsets))\(more)}"
  }

  static func entry(
    _ name: String, type: String = "U8", shape: String = "[2]", offsets: String = "[0,2]"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  static let wholeNumber = "expected a whole number from 0 on, found "
  static let whole = header()

  /// Header, number of data bytes, words of the error.
  static let refused: [(String, Int, String)] = [
    ("", 0, "expected a header that begins with '{', found an empty header"),
    ("[]", 0, "begins with '{', found the byte 0x5b"),
    (" {}", 0, "begins with '{', found the byte 0x20"),
    ("{", 0, "expected a string, found the end of the header at byte 1"),
    ("{}x", 0, "expected nothing after the JSON object, found 'x' at byte 2"),
    (header(more: ","), 2, "expected a string, found '}'"),
    (whole + " {}", 2, "expected nothing after the JSON object"),
    (header(more: "," + entry("a")), 2, "entry 'a': expected one entry of this name, found two"),
    (whole, 1, "expected 2 bytes of data, as the header says, found 1 bytes"),
    (whole, 3, "expected 2 bytes of data, as the header says, found 3 bytes"),
    ("{}", 1, "expected 0 bytes of data"),
    (header(offsets: "[1,3]"), 3, "expected data that begins at offset 0"),
    (header(offsets: "[2,0]"), 2, "expected offsets in rising order, found [2, 0]"),
    (header(offsets: "[0,1]"), 1, "expected 2 bytes for U8 of the shape [2], found 1"),
    (header(offsets: "[0]"), 2, "expected 'data_offsets' of two numbers, found [0]"),
    (header(offsets: "[0,2,4]"), 2, "expected at most 2 offsets, found more"),
    (header(offsets: "[0,2.0]"), 2, wholeNumber + "'.'"),
    (header(offsets: "[0,02]"), 2, wholeNumber + "'0'"),
    (header(offsets: "[-0,2]"), 2, wholeNumber + "'-'"),
    (header(offsets: "[0,9223372036854775808]"), 2, "expected a number below 2^63"),
    (header(shape: "[4294967296,4294967296]"), 2, "expected a size below 2^63 bytes"),
    (header(shape: "[0,4294967296,4294967296]"), 0, "expected a size below 2^63 bytes"),
    (header(shape: "\"2\""), 2, "expected '[', found '\"'"),
    (header(type: "F8_E4M3"), 2, "expected one of F64 F32 F16 BF16 I64 I32"),
    (#"{"a":{"shape":[2],"data_offsets":[0,2]}}"#, 2, "expected a 'dtype', found none"),
    (#"{"a":{"dtype":"U8","data_offsets":[0,2]}}"#, 2, "expected a 'shape', found none"),
    (#"{"a":{"dtype":"U8","shape":[2]}}"#, 2, "expected 'data_offsets' of two numbers"),
    (#"{"a":{"dtype":"U8","dtype":"U8"}}"#, 0, "expected 'dtype' once, found it twice"),
    (#"{"a":1}"#, 0, "expected '{', found '1'"),
    (#"{"__metadata__":{"a":1}}"#, 0, "expected a string, found '1'"),
    (#"{"__metadata__":{"a":"1","a":"2"}}"#, 0, "expected the key 'a' once, found it twice"),
    ("{\"a\u{1}\":{}}", 0, "expected no control character in a string"),
    (#"{"\ud800":{}}"#, 0, "expected the second half of a surrogate pair"),
    (#"{"\q":{}}"#, 0, "expected an escaped character, found 'q'"),
    (header(more: "," + entry("b")), 2, "entry 'b': expected data that begins at offset 2"),
    (header(more: "," + entry("b", offsets: "[1,3]")), 3, "expected data that begins at offset 2"),
    (header(more: "," + entry("b", offsets: "[3,5]")), 5, "expected data that begins at offset 2"),
  ]

  private func refusal(_ path: String) -> String {
    let error = #expect(throws: CheckpointError.self) { try SafetensorsFile(contentsOf: path) }
    return error?.description ?? "accepted"
  }

  @Test(arguments: refused) func isRefused(_ header: String, _ data: Int, _ words: String) throws {
    try withFile(header: header, data: [UInt8](repeating: 0, count: data)) { path in
      let refusal = refusal(path)
      #expect(refusal.contains(words) && refusal.contains(path))
    }
  }

  @Test func lengthsAreCheckedAgainstTheFile() throws {
    for (bytes, words) in [
      ([], "expected 8 bytes of header length, found a file of 0 bytes"),
      ([2, 0, 0], "expected 8 bytes of header length, found a file of 3 bytes"),
      ([9, 0, 0, 0, 0, 0, 0, 0, 123, 125], "expected a header of 9 bytes, found 2 bytes"),
      ([1, 225, 245, 5, 0, 0, 0, 0], "100000000 bytes, found a header length of 100000001"),
      ([255, 255, 255, 255, 255, 255, 255, 255], "a header length of 18446744073709551615"),
    ] as [([UInt8], String)] {
      try withFile(bytes: bytes) { path in #expect(refusal(path).contains(words)) }
    }
  }

  @Test func invalidUTF8IsRefused() throws {
    let header = Array(#"{"a":{}}"#.utf8).map { $0 == 0x61 ? 0xFF : $0 }
    try withFile(bytes: [8, 0, 0, 0, 0, 0, 0, 0] + header) { path in
      #expect(refusal(path).contains("expected text in UTF-8"))
    }
  }

  @Test func hostileSizesEndQuickly() throws {
    let nested = #"{"a":{"x":"# + String(repeating: "[", count: 1_000_000)
    try withFile(header: nested) { path in
      #expect(refusal(path).contains("64 levels of nesting"))
    }
    let many = (0..<70_000).map { Self.entry("\($0)", shape: "[0]", offsets: "[0,0]") }
    try withFile(header: "{\(many.joined(separator: ","))}") { path in
      #expect(refusal(path).contains("more entries, the limit is 65536 entries"))
    }
    let notes = (0..<70_000).map { "\"\($0)\":\"\"" }.joined(separator: ",")
    try withFile(header: "{\"__metadata__\":{\(notes)}}") { path in
      #expect(refusal(path).contains("more metadata, the limit is 65536 entries"))
    }
  }

  @Test func limitsAreWhereTheyAreSaidToBe() throws {
    func header(_ count: Int) -> String {
      let entries = (0..<count).map { Self.entry("\($0)", shape: "[0]", offsets: "[0,0]") }
      return "{\(entries.joined(separator: ","))}"
    }
    func named(_ length: Int) -> String {
      "{\(Self.entry(String(repeating: "n", count: length), shape: "[0]", offsets: "[0,0]"))}"
    }
    func ranked(_ rank: Int) -> String {
      let shape = [String](repeating: "0", count: rank).joined(separator: ",")
      return Self.header(shape: "[\(shape)]", offsets: "[0,0]")
    }
    for text in [header(65_535), header(65_536), named(1_023), named(1_024), ranked(7), ranked(8)] {
      try withFile(header: text) { path in
        let file = try SafetensorsFile(contentsOf: path)
        #expect(!file.entries.isEmpty)
      }
    }
    for (text, words) in [
      (header(65_537), "more entries, the limit is 65536 entries"),
      (named(1_025), "a name of 1025 bytes"), (ranked(9), "expected at most 8 axes, found more"),
    ] {
      try withFile(header: text) { path in #expect(refusal(path).contains(words)) }
    }
  }

  @Test func whatTheReferenceAcceptsIsAccepted() throws {
    let header = """
      {"b\\u00e9\\ud83d\\ude00\\n":{"data_offsets":[2,2],"shape":[0,5],"dtype":"F64"},
      "a" : {"dtype":"U8","extra":[1,{"x":null,"y":[true,-1.5e3]}],"shape":[2],
      "data_offsets":[0,2]}, "__metadata__":{"k":"v"}}
      """
    try withFile(header: header + "   ", data: [7, 8]) { path in
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.entries.map(\.name) == ["a", "bé😀\n"])
      #expect(try file.integers("a") == [7, 8])
      #expect(try file.tensor("bé😀\n").shape == [0, 5])
      #expect(file.metadata == ["k": "v"])
    }
    try withFile(header: "{}") { path in
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.entries.isEmpty)
    }
  }

  /// Changed and cut files give an error or tensors, never a crash.
  @Test func damagedFilesNeverCrash() throws {
    let header = Array("{\(Self.entry("a")),\"__metadata__\":{\"k\":\"\\u00e9\"}}".utf8)
    let whole = [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + [1, 2]
    var state: UInt64 = 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    try withFolder { folder in
      let path = folder + "/x"
      for round in 0..<1000 {
        var bytes = whole
        for _ in 0...next(3) { bytes[next(bytes.count)] = UInt8(next(256)) }
        if round % 3 == 0 { bytes.removeLast(next(bytes.count)) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        do {
          let file = try SafetensorsFile(contentsOf: path)
          for entry in file.entries { _ = try file.tensor(entry.name).elements }
        } catch is CheckpointError {}
      }
    }
  }
}
