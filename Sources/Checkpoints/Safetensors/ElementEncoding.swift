extension ElementType {
  /// The types that `writeSafetensors` stores.
  static let storable: [ElementType] = [.float32, .float16, .bfloat16, .int8]

  /// Writes floats as little-endian elements of a storable type, rounded to nearest even.
  ///
  /// - Returns: the first number that is finite but would be stored as infinity, or nil.
  func encode(
    _ floats: UnsafeBufferPointer<Float>, to bytes: UnsafeMutableRawBufferPointer
  ) -> Float? {
    var lost: Float?
    for (i, float) in floats.enumerated() {
      switch self {
      case .float32:
        bytes.storeBytes(of: float.bitPattern.littleEndian, toByteOffset: i * 4, as: UInt32.self)
      case .float16, .bfloat16:
        let bits = self == .float16 ? float.halfBits : float.bfloatBits
        let infinity: UInt16 = self == .float16 ? 0x7C00 : 0x7F80
        if bits & 0x7FFF == infinity, float.isFinite, lost == nil { lost = float }
        bytes.storeBytes(of: bits.littleEndian, toByteOffset: i * 2, as: UInt16.self)
      case .int8:
        // The numbers of quantised rows, which are whole and in range.
        bytes[i] = UInt8(bitPattern: Int8(float))
      default: preconditionFailure("tensors are not stored as \(rawValue)")
      }
    }
    return lost
  }

  /// The largest number of a storable type.
  var greatest: Float {
    switch self {
    case .float16: 65504
    case .bfloat16: Float(bitPattern: 0x7F7F_0000)
    default: .greatestFiniteMagnitude
    }
  }
}

extension Float {
  /// The nearest IEEE half-precision number, even on a tie; a NaN stays one.
  var halfBits: UInt16 {
    let sign = UInt16(bitPattern >> 16) & 0x8000
    let magnitude = bitPattern & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 { return sign | 0x7E00 | UInt16(magnitude >> 13 & 0x3FF) }
    // From 65520 on the nearest number is 65536, which is infinity.
    if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
    if magnitude < 0x3880_0000 {
      // Below 2^-14 halves are multiples of 2^-24; at 0.5 a float's last bit stands for 2^-24, so
      // that the addition rounds as wanted.
      let shifted = Float(bitPattern: magnitude) + 0.5
      return sign | UInt16(truncatingIfNeeded: shifted.bitPattern &- Float(0.5).bitPattern)
    }
    let odd = magnitude >> 13 & 1
    return sign | UInt16((magnitude + 0xFFF + odd - 0x3800_0000) >> 13)
  }

  /// The nearest bfloat16 number, even on a tie; a NaN stays one.
  var bfloatBits: UInt16 {
    if isNaN { return UInt16(bitPattern >> 16) | 0x40 }
    let odd = bitPattern >> 16 & 1
    return UInt16((bitPattern + 0x7FFF + odd) >> 16)
  }
}
