import Annotations
import Foundation
import Heads
import Inputs
import Models
import Wording

/// SNLI-VE (Xie et al., 2019): does a statement follow from a picture?
///
/// The path is a folder with `snli_ve_<part>.jsonl` (or `<part>.jsonl`), or the file itself. The
/// pictures are Flickr30k's, looked for by id in `flickr30k_images`, `flickr30k-images`, `images`
/// and beside the file. Pairs on which people did not agree (`-`) are left out.
public struct SNLIVE: TaskDataset {
  /// A statement about a picture.
  public struct Pair: Sendable {
    /// What it is called.
    public let id: String
    /// The statement.
    public let hypothesis: String
    /// The picture's file.
    public let picture: String
    /// The row of what is right.
    public let label: Int
  }

  /// The statements in the order of the file.
  public let pairs: [Pair]

  /// Number of statements.
  public var count: Int { pairs.count }

  /// A statement with its picture.
  public func sample(_ index: Int) throws -> Sample {
    var sample = sampleWithoutPicture(index)
    sample.image = try Image(contentsOf: pairs[index].picture)
    return sample
  }

  /// The picture's file.
  public func pictureName(_ index: Int) -> String? { pairs[index].picture }

  /// A statement alone.
  public func sampleWithoutPicture(_ index: Int) -> Sample {
    let pair = pairs[index]
    return Sample(
      name: "\(pair.picture), pair \(pair.id)", text: pair.hypothesis,
      target: .category(pair.label))
  }

  @Sendable static func dataset(_ source: DatasetSource, for task: TaskSpec) throws
    -> any TaskDataset
  {
    guard task.head != "detection", task.inputs == [.image, .text] else {
      throw DatasetError.unfit(dataset: source.kind, task: task.name, head: task.head)
    }
    return try SNLIVE(source, task: task)
  }

  /// Reads one part.
  ///
  /// - Throws: `DatasetError`, `JSONError`.
  public init(_ source: DatasetSource, task: TaskSpec) throws {
    let rows = try ClassNames(EntailmentFile.classes, dataset: "SNLI-VE", task: task)
    let file = try EntailmentFile(source)
    pairs = try file.pairs.map { number, pair, picture in
      guard let label = rows[pair.label] else {
        throw DatasetError.malformed(
          file: file.path, entry: "line \(number + 1)",
          reason: "expected entailment, neutral, contradiction or - as gold_label, found "
            + "'\(pair.label.prefix(40))'")
      }
      guard let picture else {
        throw DatasetError.missing(
          what: "picture '\(pair.picture)' of \(file.path), line \(number + 1),",
          tried: file.candidates(pair.picture))
      }
      return Pair(id: pair.id, hypothesis: pair.hypothesis, picture: picture, label: label)
    }
  }
}

/// A file of SNLI-VE, and where its pictures are.
struct EntailmentFile {
  static let classes = ["entailment", "neutral", "contradiction"]

  let path: String
  /// The pairs on which people agreed, with their positions in the file and their pictures.
  let pairs: [(number: Int, pair: EntailmentPairs.Pair, picture: String?)]
  private let folders: PictureFolders

  init(_ source: DatasetSource) throws {
    path = try source.file(
      "SNLI-VE's part '\(source.split)'",
      among: ["snli_ve_\(source.split).jsonl", "\(source.split).jsonl"])
    let folder = parentFolder(of: path)
    let places = ["flickr30k_images", "flickr30k-images", "images"]
    folders = PictureFolders(
      places.map { Datasets.path(folder, $0) } + [folder]
        + places.map { Datasets.path(parentFolder(of: folder), $0) })
    let agreed = try EntailmentPairs(path: path).pairs.enumerated().filter { $1.label != "-" }
    let found = folders.find(agreed.map { Self.names($1.picture) })
    pairs = zip(agreed, found).map { ($0.offset, $0.element, $1) }
  }

  /// Every path that a picture may have.
  func candidates(_ picture: String) -> [String] { folders.candidates(Self.names(picture)) }

  private static func names(_ picture: String) -> [String] {
    let ending = (picture as NSString).pathExtension.lowercased()
    return pictureEndings.contains(ending)
      ? [picture] : ["jpg", "jpeg", "png"].map { "\(picture).\($0)" }
  }
}
