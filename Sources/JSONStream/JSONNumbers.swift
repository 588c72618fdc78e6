extension JSONReader {
  /// A number as it is written.
  struct Numeral {
    let start: Int
    let isNegative: Bool
    /// Whether neither a fraction nor an exponent follows.
    let isWhole: Bool
    /// The digits as one number; nil beyond 2^64.
    let digits: UInt64?
    /// The power of ten that the digits are to be taken times.
    let exponent: Int
  }

  /// Reads a number; the nearest one that 64 bits hold.
  ///
  /// - Throws: `JSONError` for anything else, and beyond 1.8e308.
  public mutating func double() throws -> Double {
    let numeral = try numeral()
    // Both factors are exact, so that one rounding remains (Clinger's fast path).
    if let digits = numeral.digits, digits <= 1 << 53, abs(numeral.exponent) <= 22 {
      let power = Self.powersOfTen[abs(numeral.exponent)]
      let value = numeral.exponent < 0 ? Double(digits) / power : Double(digits) * power
      return numeral.isNegative ? -value : value
    }
    let text = String(decoding: bytes[numeral.start..<offset], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw unexpected(
        "a number that 64 bits hold", found: "\(text.prefix(40))", at: numeral.start)
    }
    return value
  }

  /// Reads a whole number; `12.0` and `1e3` are whole, too.
  ///
  /// - Throws: `JSONError` for anything else, and beyond 63 bits.
  public mutating func integer() throws -> Int {
    let before = offset
    let numeral = try numeral()
    if numeral.isWhole, let digits = numeral.digits {
      let value = numeral.isNegative ? Int(exactly: digits).map { -$0 } : Int(exactly: digits)
      if let value { return value }
    } else if numeral.digits != nil {
      offset = before
      if let value = Int(exactly: try double()), abs(value) < 1 << 53 { return value }
    }
    let text = String(decoding: bytes[numeral.start..<offset].prefix(40), as: UTF8.self)
    throw unexpected("a whole number of at most 63 bits", found: text, at: numeral.start)
  }

  /// Reads the characters of a number.
  mutating func numeral() throws -> Numeral {
    try expect(.number)
    let start = offset
    let isNegative = takeByte("-")
    var digits: UInt64? = 0
    let count = try takeDigits(into: &digits)
    if count > 1, bytes[offset - count] == UInt8(ascii: "0") {
      offset -= count - 1
      throw failure(expected: "no digit after a leading zero")
    }
    var exponent = 0
    var isWhole = true
    if takeByte(".") {
      isWhole = false
      exponent = -(try takeDigits(into: &digits))
    }
    if takeByte("e") || takeByte("E") {
      isWhole = false
      let isBelow = takeByte("-")
      if !isBelow { _ = takeByte("+") }
      var power: UInt64? = 0
      _ = try takeDigits(into: &power)
      let bounded = Int(min(power ?? 1_000_000, 1_000_000))
      exponent += isBelow ? -bounded : bounded
    }
    return Numeral(
      start: start, isNegative: isNegative, isWhole: isWhole, digits: digits, exponent: exponent)
  }

  /// Takes one digit or more; `value` becomes nil where they exceed 64 bits.
  private mutating func takeDigits(into value: inout UInt64?) throws -> Int {
    let start = offset
    while offset < bytes.count {
      let digit = bytes[offset] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      if let before = value {
        let (tens, overflow) = before.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tens.addingReportingOverflow(UInt64(digit))
        value = overflow || carry ? nil : sum
      }
      offset += 1
    }
    guard offset > start else { throw failure(expected: "a digit") }
    return offset - start
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
