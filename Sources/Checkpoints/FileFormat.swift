/// What a file holds, by its first bytes.
enum FileFormat: Equatable {
  case safetensors
  case zip
  case legacy
  case index
  case gzip
  case tar
  /// Nothing with weights, in words.
  case other(String)

  init(_ bytes: UnsafeRawBufferPointer) {
    func begins(_ prefix: some Collection<UInt8>) -> Bool {
      bytes.prefix(prefix.count).elementsEqual(prefix)
    }
    let hasHeader = bytes.count > 8 && bytes[8] == UInt8(ascii: "{")
    if bytes.isEmpty {
      self = .other("an empty file")
    } else if hasHeader, bytes[4..<8].allSatisfy({ $0 == 0 }) {
      self = .safetensors
    } else if begins([0x50, 0x4B, 3, 4]) || begins([0x50, 0x4B, 5, 6]) {
      self = .zip
    } else if begins(PyTorchLegacy.beginning) {
      self = .legacy
    } else if begins([0x1F, 0x8B]) {
      self = .gzip
    } else if bytes.count >= 512, bytes[257..<262].elementsEqual("ustar".utf8) {
      self = .tar
    } else if begins("version https://git-lfs".utf8) {
      self = .other("a Git LFS pointer (`git lfs pull` fetches the file itself)")
    } else if begins([0x80]), bytes.count > 1, bytes[1] <= 5 {
      self = .other("a bare pickle, or a PyTorch file that is damaged at its beginning")
    } else if Self.opensObject(bytes) {
      self = .index
    } else if hasHeader {
      self = .safetensors
    } else if begins("<".utf8) {
      self = .other("a web page or another marked-up text")
    } else {
      let shown = bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: " ")
      self = .other("a file that begins with the bytes \(shown)")
    }
  }

  /// Whether the first character is that of a JSON object.
  private static func opensObject(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
  }
}
