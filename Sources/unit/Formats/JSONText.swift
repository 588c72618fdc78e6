/// A JSON value that keeps the order of its fields, so that the same result is the same bytes.
indirect enum JSONText: Sendable, Equatable {
  case object([Field])
  case array([JSONText])
  case string(String)
  case integer(Int)
  case number(Float)
  case double(Double)
  case boolean(Bool)
  case null
  /// Text that is JSON already.
  case encoded(String)

  /// One named value of an object.
  struct Field: Sendable, Equatable {
    let name: String
    let value: JSONText
  }

  /// The value on one line, with the shortest digits that give the same number again.
  var text: String {
    var result = ""
    write(to: &result)
    return result
  }

  private func write(to text: inout String) {
    switch self {
    case .object(let fields):
      text += "{"
      for (index, field) in fields.enumerated() {
        if index > 0 { text += "," }
        Self.write(field.name, to: &text)
        text += ":"
        field.value.write(to: &text)
      }
      text += "}"
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .string(let string): Self.write(string, to: &text)
    case .integer(let integer): text += "\(integer)"
    // JSON knows neither infinity nor NaN.
    case .number(let number): text += number.isFinite ? "\(number)" : "null"
    case .double(let number): text += number.isFinite ? "\(number)" : "null"
    case .boolean(let truth): text += truth ? "true" : "false"
    case .null: text += "null"
    case .encoded(let json): text += json
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSONText: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringLiteral, ExpressibleByIntegerLiteral
{
  init(dictionaryLiteral fields: (String, JSONText)...) {
    self = .object(fields.map { Field(name: $0.0, value: $0.1) })
  }

  init(arrayLiteral values: JSONText...) { self = .array(values) }

  init(stringLiteral string: String) { self = .string(string) }

  init(integerLiteral integer: Int) { self = .integer(integer) }
}
