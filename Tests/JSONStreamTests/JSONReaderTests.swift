import Foundation
import JSONStream
import Testing

@Suite struct JSONReaderTests {
  @Test func valuesComeInTheOrderOfTheFile() throws {
    let text =
      #" {"a": [1, -2.5e1 , 0], "b":{"c":null,"d":true,"e":false}, "f":"x\"y" , "g":{},"h":[]}"#
    var seen: [String] = []
    try reading(text) { reader in
      try reader.object { reader, key in
        switch key {
        case "a":
          try reader.array { reader, index in seen.append("\(index):\(try reader.double())") }
        case "b":
          try reader.object { reader, key in
            seen.append(
              try reader.takeNull() ? "\(key) null" : "\(key) \(try reader.boolean())")
          }
        case "f": seen.append(try reader.string())
        default: try reader.skip()
        }
      }
    }
    #expect(seen == ["0:1.0", "1:-25.0", "2:0.0", "c null", "d true", "e false", "x\"y"])
  }

  @Test func aByteOrderMarkIsPassedOver() throws {
    #expect(try reading([0xEF, 0xBB, 0xBF] + Array("7".utf8)) { try $0.integer() } == 7)
  }

  @Test func linesOfValuesAreReadUntilTheEnd() throws {
    var numbers: [Int] = []
    try reading("1\n2\n\n3 \n") { reader in
      while !reader.isAtEnd { numbers.append(try reader.integer()) }
    }
    #expect(numbers == [1, 2, 3])
  }

  @Test(arguments: [
    ("12", 12), ("-0", 0), ("9223372036854775807", Int.max), ("12.0", 12), ("1e3", 1000),
    ("-9007199254740991.0", -((1 << 53) - 1)),
  ])
  func wholeNumbers(text: String, value: Int) throws {
    #expect(try reading(text) { try $0.integer() } == value)
  }

  @Test(arguments: [
    "9223372036854775808", "1.5", "1e300", "123456789012345678901234567890", "9007199254740993.0",
    "true", "\"1\"", "null",
  ])
  func whatIsNoWholeNumberIsRefused(text: String) {
    let error = error(of: text) { try $0.integer() }
    #expect(
      error?.kind == .unexpected && error?.offset == 0, "\(text): \(String(describing: error))")
  }

  @Test func numbersAreTheNearestOnes() throws {
    var random = SystemRandomNumberGenerator()
    let edges = [
      "0.1", "1e22", "1e23", "9007199254740993", "5e-324", "2.4703282292062327e-324", "1e-400",
      "1.7976931348623157e308", "0.000001", "123456789012345678", "1.7976931348623158e308",
      "8.5e-22", "3.5e+5", "-0.0", "0e99999999999999999999", "7205759403792793e-16",
      String(repeating: "9", count: 400) + "e-399", "0." + String(repeating: "0", count: 400) + "1",
    ]
    for text in edges
      + (0..<2000).map({ _ in
        let value = Double(bitPattern: random.next())
        return "\(value.isFinite ? value : 0)"
      })
    {
      let value = try reading(text) { try $0.double() }
      #expect(value.bitPattern == Double(text)!.bitPattern, "\(text)")
    }
    #expect(error(of: "1e309") { try $0.double() }?.kind == .unexpected)
    #expect(error(of: "-1e99999") { try $0.double() }?.kind == .unexpected)
  }

  @Test func stringsAreUnescaped() throws {
    let text = #""a\u00e9\ud83d\ude00\n\t\b\f\r\/\\é😀\u0000""#
    let value = try reading(text) { try $0.string() }
    #expect(value == "aé😀\n\t\u{8}\u{C}\r/\\é😀\u{0}")
  }

  @Test func keysMayBeEscapedButNotRepeated() {
    let error = error(of: #"{"a":1,"b":[{"c":1,"\u0063":2}]}"#) { reader in
      try reader.object { reader, key in
        guard key == "b" else { return try reader.skip() }
        try reader.array { reader, _ in try reader.object { reader, _ in try reader.skip() } }
      }
    }
    #expect(
      error?.description
        == "a.json: b[0], byte 19 (line 1): expected every key once, found the key 'c' again")
  }

  @Test func manyKeysAreCompared() {
    let members = (0..<50).map { "\"k\($0)\":0" }.joined(separator: ",")
    func read(_ text: String) -> JSONError? {
      error(of: text) { reader in try reader.object { reader, _ in try reader.skip() } }
    }
    #expect(read("{\(members)}") == nil)
    #expect(read("{\(members),\"k49\":0}")?.found == "the key 'k49' again")
    #expect(read("{\(members),\"k3\":0}")?.found == "the key 'k3' again")
  }

  @Test func errorsNameEntryByteAndLine() {
    let error = error(of: "{\"annotations\":\n [{\"bbox\": [1,\n 2, \"x\"]}]}") { reader in
      try reader.object { reader, _ in
        try reader.array { reader, _ in
          try reader.object { reader, _ in
            try reader.array { reader, _ in _ = try reader.double() }
          }
        }
      }
    }
    #expect(
      error?.description
        == "a.json: annotations[0].bbox[2], byte 35 (line 3): expected a number, found a string")
    #expect(error?.kind == .unexpected)
  }

  @Test func sixtyFourLevelsAndNoMore() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    func read(_ reader: inout JSONReader) throws {
      try reader.array { reader, _ in try read(&reader) }
    }
    #expect(error(of: nested(64)) { try $0.skip() } == nil)
    #expect(error(of: nested(64)) { try read(&$0) } == nil)
    for error in [
      error(of: nested(65)) { try $0.skip() }, error(of: nested(65)) { try read(&$0) },
      error(of: nested(100_000)) { try $0.skip() },
      error(of: "[" + nested(64) + "]") { reader in
        try reader.array { reader, _ in try reader.skip() }
      },
    ] {
      #expect(error?.expected == "at most 64 levels of nesting")
      #expect(error?.offset == 64)
    }
  }
}
