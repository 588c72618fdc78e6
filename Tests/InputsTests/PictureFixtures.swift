import Foundation
import Inputs
import Support

/// The picture files of `Tests/Goldens/Inputs` and what the reference makes of them.
enum PictureFixtures {
  struct Expected: Decodable {
    let width: Int
    let height: Int
    let rgb: Data
    let alpha: Data?
  }

  static let expected: [String: Expected] = {
    let data = FileManager.default.contents(atPath: Golden.path("Inputs/pictures.json")) ?? Data()
    return (try? JSONDecoder().decode([String: Expected].self, from: data)) ?? [:]
  }()

  static var names: [String] { expected.keys.sorted() }

  static func path(_ name: String) -> String { Golden.path("Inputs/pictures/" + name) }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// A folder that goes when `body` is done.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }
}

/// Largest difference of two byte sequences of one length.
func largestDifference(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Int {
  zip(a, b).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
}

/// Bytes that the golden scripts make by the same rule.
func generatedBytes(_ count: Int, seed: UInt32) -> [UInt8] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return UInt8(state >> 24)
  }
}

/// A JPEG file with an EXIF block that says how it has to be turned.
func turned(_ file: [UInt8], _ orientation: UInt8) -> [UInt8] {
  let tiff: [UInt8] = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0]
  let block = Array("Exif\0\0".utf8) + tiff + [orientation, 0, 0, 0, 0, 0, 0]
  return file.prefix(2) + [0xff, 0xe1, 0, UInt8(block.count + 2)] + block + file.dropFirst(2)
}
