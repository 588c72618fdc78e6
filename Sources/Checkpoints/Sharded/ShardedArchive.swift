import Foundation
import Tensors
import Wording

/// Weights that are spread over several files beside an index.
///
/// A link in the folder is followed: Hugging Face's cache consists of links.
struct ShardedArchive: TensorArchive {
  let path: String
  let format: String
  let entries: [TensorEntry]
  let metadata: [String: String]
  private let owners: [String: any TensorArchive]

  /// Opens every file that the index names and checks that each holds what the index says.
  init(_ mapping: MappedFile) throws {
    let path = mapping.path
    let index = try withExtendedLifetime(mapping) {
      try ShardIndex(file: path, bytes: mapping.bytes)
    }
    let folder = parentFolder(of: path) as NSString
    var named: [String: String] = [:]
    for (tensor, file) in index.files { named[tensor] = file }
    var entries: [TensorEntry] = []
    var owners: [String: any TensorArchive] = [:]
    var metadata: [String: String] = [:]
    var formats: Set<String> = []
    var aliasCount = 0
    let shards = Set(index.files.map(\.file)).sorted()
    for shard in shards {
      let archive = try Self.open(MappedFile(path: folder.appendingPathComponent(shard)))
      formats.insert(archive.format)
      metadata.merge(archive.metadata) { first, _ in first }
      for entry in archive.entries {
        guard named[entry.name] == shard else {
          throw CheckpointError.malformedEntry(
            file: path, entry: entry.name, expected: "'\(shard)', which has it",
            found: named[entry.name].map { "'\($0)'" } ?? "no such name")
        }
        owners[entry.name] = archive
        entries.append(
          TensorEntry(
            name: entry.name, type: entry.type, shape: entry.shape,
            alias: entry.alias.map { $0 + aliasCount }))
      }
      aliasCount += (archive.entries.compactMap(\.alias).max() ?? -1) + 1
    }
    for (tensor, file) in index.files where owners[tensor] == nil {
      throw CheckpointError.malformedEntry(
        file: path, entry: tensor, expected: "it in '\(file)', as the index says", found: "none")
    }
    self.path = path
    self.entries = entries
    self.owners = owners
    self.metadata = metadata
    format = "\(formats.sorted().joined(separator: " and ")), \(shards.count) files"
  }

  private static func open(_ mapping: MappedFile) throws -> any TensorArchive {
    switch FileFormat(mapping.bytes) {
    case .index, .gzip, .tar:
      throw CheckpointError.unknownFormat(
        file: mapping.path, found: "named by an index and itself an index or an archive")
    default: return try openArchive(mapping)
    }
  }

  func tensor(_ name: String) throws -> Tensor { try owner(name).tensor(name) }

  func integers(_ name: String) throws -> [Int] { try owner(name).integers(name) }

  private func owner(_ name: String) throws -> any TensorArchive {
    guard let owner = owners[name] else { throw missing(name) }
    return owner
  }
}
