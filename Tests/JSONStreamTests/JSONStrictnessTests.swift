import Foundation
import JSONStream
import Testing

/// What RFC 8259 allows and what not, for values that are read and for values that are skipped.
@Suite struct JSONStrictnessTests {
  /// Reads any value the long way.
  private static func readAny(_ reader: inout JSONReader) throws {
    switch try reader.peek() {
    case .object: try reader.object { reader, _ in try readAny(&reader) }
    case .array: try reader.array { reader, _ in try readAny(&reader) }
    case .string: _ = try reader.string()
    case .number: _ = try reader.double()
    case .boolean: _ = try reader.boolean()
    case .null: _ = try reader.takeNull()
    }
  }

  @Test(arguments: [
    "", " ", "[", "]", "{", "}", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
    "{,}", "{a:1}", "{'a':1}", "{1:1}", "[1]]", "[1] x", "01", "-", "-01", "+1", "1.", ".5", "1e",
    "1e+", "0x1", "NaN", "[Infinity]", "-Infinity", "nul", "tru", "falsee", "nullx", "\"", "\"a",
    "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800x\"",
    "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\ud800\\ud800\"", "\"\t\"", "\"\n\"", "// c\n1",
    "[1,,2]", "{\"a\":1 \"b\":2}", "{\"a\":1:2}", "[1}", "{\"a\":1]", "\u{FEFF}\u{FEFF}1",
    "\u{00A0}1", "True", "undefined",
  ])
  func malformedTextIsRefusedReadOrSkipped(text: String) {
    for error in [
      error(of: text) { try $0.skip() }, error(of: text) { try Self.readAny(&$0) },
    ] {
      #expect(error?.kind == .malformed, "\(text): \(String(describing: error))")
      #expect((error?.offset ?? -1) <= text.utf8.count && error?.offset != nil)
    }
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x9F, 0xBF], [0xE2, 0x82],
      [0xED, 0xA0, 0x80], [0xEF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE], [0xE2, 0x82, 0x22],
    ] as [[UInt8]])
  func brokenUTF8IsRefused(bytes: [UInt8]) {
    for document in [[0x22, 0x61] + bytes + [0x22], [0x22, 0x61] + bytes] {
      for error in [
        error(of: document) { try $0.skip() }, error(of: document) { try $0.string() },
      ] {
        #expect(error?.expected == "text in UTF-8", "\(String(describing: error))")
        #expect(error?.offset == 2)
      }
    }
  }

  @Test func everyScalarPasses() throws {
    for value in stride(from: UInt32(0x20), through: 0x10FFFF, by: 37) {
      guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
      #expect(try reading("\"\(scalar)\"") { try $0.string() }.unicodeScalars.first == scalar)
    }
  }

  @Test func agreesWithFoundationOnMutatedDocuments() throws {
    // Foundation takes what this reader refuses on purpose: repeated keys, and deeper nesting.
    let seed = Array(#"{"a":[1,-2.5e3,"x\n\u00e9é",null,true],"b":{"c":{},"d":[]}}"#.utf8)
    let marks = Array(#"{}[]",:\0123456789.eE+-ntfu "#.utf8) + [0x00, 0x7F, 0x80, 0xC3, 0xFF]
    var state: UInt64 = 1
    func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    for _ in 0..<4000 {
      var bytes = seed
      for _ in 0...below(2) {
        let place = below(bytes.count)
        switch below(3) {
        case 0: bytes[place] = marks[below(marks.count)]
        case 1: bytes.remove(at: place)
        default: bytes.insert(marks[below(marks.count)], at: place)
        }
      }
      let ours = error(of: bytes) { try $0.skip() }
      let read = error(of: bytes) { try Self.readAny(&$0) }
      let theirs = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      let text = String(decoding: bytes, as: UTF8.self)
      if ours == nil { #expect(theirs != nil, "\(text)") }
      if read == nil { #expect(ours == nil, "\(text)") }
      if ours == nil, let read {
        #expect(read.found.hasSuffix("again") || read.kind == .unexpected, "\(text): \(read)")
      }
    }
  }
}
