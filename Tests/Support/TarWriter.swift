/// Writes tar archives by hand, so that they can be wrong in any way.
public enum TarWriter {
  /// One member with its header; `size` overrides the number of bytes that the header tells.
  public static func member(
    _ name: String, _ data: [UInt8] = [], type: Character = "0", size: Int? = nil
  ) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at place: Int) {
      header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
    }
    func octal(_ number: Int, _ width: Int) -> String {
      let digits = String(number, radix: 8)
      return String(repeating: "0", count: width - digits.count) + digits
    }
    put(name, at: 0)
    put("0000644", at: 100)
    put(octal(size ?? data.count, 11), at: 124)
    put("        ", at: 148)
    put(String(type), at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
    return header + data + [UInt8](repeating: 0, count: (512 - data.count % 512) % 512)
  }

  /// The two empty blocks after the last member.
  public static let end = [UInt8](repeating: 0, count: 1024)

  /// A gzip file without compression.
  public static func gzip(_ data: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var rest = data[...]
    repeat {
      let block = rest.prefix(0xFFFF)
      rest = rest.dropFirst(block.count)
      let length = UInt16(block.count)
      result += [rest.isEmpty ? 1 : 0] + little(length) + little(~length) + block
    } while !rest.isEmpty
    return result + little(checksum(data)) + little(UInt32(data.count))
  }

  /// A gzip file of a few bytes below 144 and then `runs` times 258 zeros; no end.
  public static func bomb(_ beginning: [UInt8], runs: Int) -> [UInt8] {
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var (bits, count) = (UInt64(0), 0)
    func put(_ value: Int, _ width: Int) {
      bits |= UInt64(value) << count
      count += width
      while count >= 8 {
        result.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
        count -= 8
      }
    }
    put(1, 1)
    put(1, 2)
    // Deflate's fixed code, whose words come with the highest bit first: a byte, and then 258 times
    // the byte before.
    for byte in beginning {
      let word = 0x30 + byte
      put((0..<8).reduce(0) { $0 | Int(word >> $1 & 1) << (7 - $1) }, 8)
    }
    for _ in 0..<runs { put(0b1010_0011, 13) }
    return result
  }

  private static func checksum(_ data: [UInt8]) -> UInt32 {
    ~data.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
        sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0)
      }
    }
  }
}

/// The bytes of a number, the lowest first.
public func little(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}
