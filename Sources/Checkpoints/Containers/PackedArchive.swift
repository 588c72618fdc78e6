import Tensors

/// The one file of weights in a `.tar.gz`, as MMF's model zoo packs it beside its `config.yaml`.
///
/// The weights are unpacked once, to memory or to a temporary file without a name; nothing is
/// written under a name of the archive. Texts of at most 1 MiB become metadata under their names.
struct PackedArchive: TensorArchive {
  private static let textBytes = 1 << 20
  private static let textEndings = [".yaml", ".yml", ".json", ".txt"]

  let path: String
  let metadata: [String: String]
  /// The archive within the archive.
  private let content: any TensorArchive

  var format: String { "\(content.format) in a tar archive" }
  var entries: [TensorEntry] { content.entries }
  var document: CheckpointValue? { content.document }

  /// Looks through a tar archive, inflating it first where it is compressed.
  static func open(_ mapping: MappedFile, isCompressed: Bool) throws -> PackedArchive {
    let bytes = mapping.bytes
    guard isCompressed else {
      var position = 0
      return try open(mapping.path) { buffer in
        let count = min(buffer.count, bytes.count - position)
        let piece = UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
        buffer.copyMemory(from: piece)
        position += count
        return count
      }
    }
    let stream = GzipStream(bytes, file: mapping.path)
    return try open(mapping.path) { try stream.read(into: $0) }
  }

  private static func open(
    _ path: String, _ source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws -> PackedArchive {
    var tar = TarReader(file: path, source: source)
    var found: (name: String, file: MappedFile)?
    var texts: [String: String] = [:]
    while let member = try tar.next() {
      let isText =
        member.size <= textBytes && textEndings.contains { member.name.hasSuffix($0) }
      let place = "\(path)/\(member.name)"
      guard
        let content = try spooled(
          member, of: tar, path: place, where: { isText || member.isFile && hasWeights($0) })
      else { continue }
      if isText {
        texts[member.name] = String(decoding: content.bytes, as: UTF8.self)
      } else if let found {
        throw CheckpointError.unclearWeights(file: path, found: [found.name, member.name])
      } else {
        found = (member.name, content)
      }
    }
    try tar.drain()
    guard let found else { throw CheckpointError.unclearWeights(file: path, found: []) }
    let content = try openArchive(found.file)
    return PackedArchive(
      path: path, metadata: content.metadata.merging(texts) { first, _ in first },
      content: content)
  }

  /// Reads a member past, and keeps its bytes where its first piece is wanted.
  private static func spooled(
    _ member: TarReader.Member, of tar: TarReader, path: String,
    where isWanted: (UnsafeRawBufferPointer) -> Bool
  ) throws -> MappedFile? {
    var spool: Spool?
    defer { spool?.discard() }
    var isFirst = true
    try tar.read(member) { piece in
      if isFirst, isWanted(piece) { spool = Spool(path: path) }
      isFirst = false
      try spool?.append(piece)
    }
    return try spool?.finish()
  }

  private static func hasWeights(_ piece: UnsafeRawBufferPointer) -> Bool {
    switch FileFormat(piece) {
    case .safetensors, .zip, .legacy: true
    default: false
    }
  }

  func tensor(_ name: String) throws -> Tensor { try content.tensor(name) }

  func integers(_ name: String) throws -> [Int] { try content.integers(name) }
}
