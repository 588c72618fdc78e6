import Checkpoints
import Foundation
import Tensors

/// A checkpoint of UniT as MMF writes it, under this program's names, with the configuration that
/// it implies.
///
/// The names are the released ones, which this program shares, except for older spellings, further
/// names of the same parameter, and entries that no forward pass needs (`UniTNames`). MMF's own
/// configuration is used where the checkpoint or a file beside it holds one; what it leaves open is
/// told by names and shapes, or is what all released models have.
public struct UniTImport: Sendable {
  /// Where the checkpoint was found.
  public let file: String
  /// Every parameter and statistic once.
  public let tensors: [String: Tensor]
  /// The network they belong to.
  public let configuration: UniTConfiguration
  /// The checkpoint's further names of parameters, each checked to be equal to its owner.
  public let aliases: [String: String]
  /// The names that were left out: those that no model needs, and the whole encoder of pictures or
  /// texts in a model none of whose tasks needs it.
  public let ignored: [String]

  /// Reads a checkpoint and checks that its aliases agree.
  ///
  /// - Parameter settings: what tensors do not tell.
  /// - Throws: `CheckpointError`, `UniTImportError`.
  public init(_ archive: any TensorArchive, settings: UniTSettings = UniTSettings()) throws {
    file = archive.path
    var entries: [String: TensorEntry] = [:]
    var order: [String] = []
    for entry in archive.entries {
      let name = Self.current(entry.name)
      if let other = entries.updateValue(entry, forKey: name) {
        throw UniTImportError.collision(file: file, name: entry.name, other: other.name)
      }
      order.append(name)
    }
    let sharesDecoder = order.contains { $0.hasPrefix(UniTNames.decoder) }
    var tensors: [String: Tensor] = [:]
    var shapes: [(name: String, shape: Shape)] = []
    var aliases: [String: String] = [:]
    for name in order where !UniTNames.isIgnored(name) {
      guard let entry = entries[name] else { continue }
      if let owner = UniTNames.owner(of: name, sharesDecoder: sharesDecoder),
        let original = entries[owner]
      {
        try Self.compare(entry, with: original, in: archive)
        aliases[name] = owner
      } else {
        // A file in which somebody left out the owner keeps the alias in its place.
        let name = UniTNames.owner(of: name, sharesDecoder: sharesDecoder) ?? name
        guard tensors[name] == nil else { continue }
        tensors[name] = try archive.tensor(entry.name)
        shapes.append((name, entry.shape))
      }
    }
    var configuration = try UniTShapes(shapes, file: file).configuration(settings)
    var ignored = order.filter(UniTNames.isIgnored)
    func leaveOut(_ prefixes: [String]) {
      let names = order.filter { name in prefixes.contains { name.hasPrefix($0) } }
      for name in names {
        tensors[name] = nil
        aliases[name] = nil
      }
      ignored += names.filter { !UniTNames.isIgnored($0) }
    }
    if !configuration.tasks.contains(where: { $0.inputs.contains(.text) }) {
      configuration.text = nil
      leaveOut(UniTNames.textParts)
    }
    if !configuration.tasks.contains(where: { $0.inputs.contains(.image) }) {
      configuration.image = nil
      configuration.preprocessing = nil
      leaveOut(UniTNames.imageParts)
    }
    self.tensors = tensors
    self.aliases = aliases
    self.ignored = ignored
    self.configuration = configuration
  }

  /// Whether a file's names are those of a UniT.
  public static func recognizes(_ names: some Sequence<String>) -> Bool {
    names.contains { current($0).hasPrefix("unit_base_model.query_embeds.") }
  }

  /// The present spelling of a name: without the `module.` of distributed training, and with the
  /// base model called as it is now.
  private static func current(_ name: String) -> String {
    let bare = name.hasPrefix("module.") ? String(name.dropFirst(7)) : name
    return bare.hasPrefix("detr_model.") ? "unit_base_model." + bare.dropFirst(11) : bare
  }

  /// Checks that two entries are one and the same data, or equal.
  private static func compare(
    _ entry: TensorEntry, with owner: TensorEntry, in archive: any TensorArchive
  ) throws {
    if let alias = entry.alias, alias == owner.alias { return }
    guard entry.shape == owner.shape else {
      throw UniTImportError.aliasShapes(
        file: archive.path, name: owner.name, shape: owner.shape, other: entry.name,
        otherShape: entry.shape)
    }
    let (expected, found) = (try archive.tensor(owner.name), try archive.tensor(entry.name))
    let difference = expected.withPointer { expected in
      found.withPointer { found -> Int? in
        let count = owner.shape.elementCount
        if memcmp(expected, found, 4 * count) == 0 { return nil }
        return (0..<count).first {
          expected[$0] != found[$0] && !(expected[$0].isNaN && found[$0].isNaN)
        }
      }
    }
    guard let position = difference else { return }
    throw UniTImportError.aliasConflict(
      file: archive.path, name: owner.name, other: entry.name, position: position,
      value: expected.elements[position], otherValue: found.elements[position])
  }
}
