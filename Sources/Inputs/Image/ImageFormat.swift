/// What the first bytes of a file say it is. The file's name plays no part.
enum ImageFormat: Equatable {
  case png
  case jpeg
  /// A picture of a format that is not read, by its name in a message.
  case unsupported(String)
  /// Something else, described for a message.
  case other(String)

  /// Bytes needed at most to tell.
  static let headerLength = 64

  init(header: [UInt8]) {
    func starts(_ text: String, at offset: Int = 0) -> Bool {
      let bytes = Array(text.utf8)
      return header.count >= offset + bytes.count
        && Array(header[offset..<offset + bytes.count]) == bytes
    }
    if header.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if header.starts(with: [0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if starts("GIF87a") || starts("GIF89a") {
      self = .unsupported("a GIF picture")
    } else if starts("RIFF") && starts("WEBP", at: 8) {
      self = .unsupported("a WebP picture")
    } else if starts("II\u{2a}\0") || starts("MM\0\u{2a}") || starts("II\u{2b}\0")
      || starts("MM\0\u{2b}")
    {
      self = .unsupported("a TIFF picture")
    } else if starts("BM") && header.count >= 18 && header[14...17].elementsEqual([40, 0, 0, 0])
      || starts("BM") && header.count >= 10 && header[6...9].allSatisfy({ $0 == 0 })
    {
      self = .unsupported("a BMP picture")
    } else if starts("ftyp", at: 4) {
      self = Self.boxedMedia(brand: header)
    } else if starts("\0\0\0\u{0c}jP  ") || header.starts(with: [0xff, 0x4f, 0xff, 0x51]) {
      self = .unsupported("a JPEG 2000 picture")
    } else if header.starts(with: [0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20])
      || header.starts(with: [0xff, 0x0a])
    {
      self = .unsupported("a JPEG XL picture")
    } else if header.starts(with: [0, 0, 1, 0]) {
      self = .unsupported("an ICO picture")
    } else if starts("8BPS") {
      self = .unsupported("a Photoshop picture")
    } else if header.count >= 3, starts("P"), (0x31...0x37).contains(header[1]), header[2] <= 0x20 {
      self = .unsupported("a PNM picture")
    } else {
      self = .other(Self.describe(header, starts: { starts($0) }))
    }
  }

  private static func boxedMedia(brand header: [UInt8]) -> ImageFormat {
    let brand = String(decoding: header.dropFirst(8).prefix(4), as: UTF8.self)
    switch brand {
    case "heic", "heix", "hevc", "heim", "heis", "mif1", "msf1":
      return .unsupported("a HEIC picture")
    case "avif", "avis": return .unsupported("an AVIF picture")
    default: return .other("a video or audio file")
    }
  }

  private static func describe(_ header: [UInt8], starts: (String) -> Bool) -> String {
    if starts("%PDF") { return "a PDF document" }
    if starts("PK\u{3}\u{4}") { return "a ZIP archive" }
    if header.starts(with: [0x1f, 0x8b]) { return "gzip-compressed data" }
    if starts("<?xml") || starts("<svg") { return "an SVG or XML text" }
    if starts("<!DOCTYPE") || starts("<!doctype") || starts("<html") { return "an HTML page" }
    let isText = header.allSatisfy { $0 >= 0x20 && $0 != 0x7f || (0x09...0x0d).contains($0) }
    if isText { return "text" }
    let shown = header.prefix(8).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }
    return "unknown data that begins with the bytes \(shown.joined(separator: " "))"
  }
}
