import Tensors

/// The element types of a safetensors file that this program reads, by their names in the header.
public enum ElementType: String, Sendable, CaseIterable {
  /// IEEE double precision.
  case float64 = "F64"
  /// IEEE single precision.
  case float32 = "F32"
  /// IEEE half precision.
  case float16 = "F16"
  /// The upper half of a single-precision number.
  case bfloat16 = "BF16"
  /// A signed number of 64 bits.
  case int64 = "I64"
  /// A signed number of 32 bits.
  case int32 = "I32"
  /// A signed number of 16 bits.
  case int16 = "I16"
  /// A signed number of 8 bits.
  case int8 = "I8"
  /// An unsigned number of 8 bits.
  case uint8 = "U8"
  /// A byte that is 0 for false.
  case bool = "BOOL"

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Whether the elements are whole numbers or truth values.
  public var isInteger: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: false
    case .int64, .int32, .int16, .int8, .uint8, .bool: true
    }
  }

  /// Converts little-endian elements to floats; large numbers are rounded to nearest.
  func convert(_ bytes: UnsafeRawBufferPointer, to destination: UnsafeMutablePointer<Float>) {
    let count = bytes.count / size
    switch self {
    case .float64:
      for i in 0..<count { destination[i] = Float(Double(bitPattern: bytes.little(i))) }
    case .float32:
      for i in 0..<count { destination[i] = Float(bitPattern: bytes.little(i)) }
    case .float16:
      for i in 0..<count { destination[i] = Float(halfBits: bytes.little(i)) }
    case .bfloat16:
      for i in 0..<count {
        let bits: UInt16 = bytes.little(i)
        destination[i] = Float(bitPattern: UInt32(bits) << 16)
      }
    case .int64: for i in 0..<count { destination[i] = Float(bytes.little(i) as Int64) }
    case .int32: for i in 0..<count { destination[i] = Float(bytes.little(i) as Int32) }
    case .int16: for i in 0..<count { destination[i] = Float(bytes.little(i) as Int16) }
    case .int8: for i in 0..<count { destination[i] = Float(bytes.little(i) as Int8) }
    case .uint8: for i in 0..<count { destination[i] = Float(bytes[i]) }
    case .bool: for i in 0..<count { destination[i] = bytes[i] == 0 ? 0 : 1 }
    }
  }

  /// The elements as whole numbers, or nil where the type has fractions.
  func integers(_ bytes: UnsafeRawBufferPointer) -> [Int]? {
    let count = bytes.count / size
    switch self {
    case .float64, .float32, .float16, .bfloat16: return nil
    case .int64: return (0..<count).map { Int(bytes.little($0) as Int64) }
    case .int32: return (0..<count).map { Int(bytes.little($0) as Int32) }
    case .int16: return (0..<count).map { Int(bytes.little($0) as Int16) }
    case .int8: return (0..<count).map { Int(bytes.little($0) as Int8) }
    case .uint8: return bytes.map { Int($0) }
    case .bool: return bytes.map { $0 == 0 ? 0 : 1 }
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func little<Number: FixedWidthInteger & BitwiseCopyable>(_ index: Int) -> Number {
    Number(
      littleEndian: loadUnaligned(
        fromByteOffset: index * MemoryLayout<Number>.size, as: Number.self))
  }
}

extension Float {
  /// The value of an IEEE half-precision number.
  init(halfBits bits: UInt16) {
    let magnitude = UInt32(bits & 0x7FFF) << 13
    // Moving the exponent by a multiplication makes subnormal halves come out right by themselves.
    let value =
      bits & 0x7C00 == 0x7C00
      ? magnitude | 0x7F80_0000 : (Float(bitPattern: magnitude) * 0x1p112).bitPattern
    self.init(bitPattern: value | UInt32(bits & 0x8000) << 16)
  }
}
