import Annotations
import Foundation
import Inputs
import Synchronization
import Tensors

/// Everything that is wrong with marked pictures, found before a training is.
///
/// Every picture is decoded. Pictures are the same if their upright pixels are, whatever their
/// files are called.
public struct DataCheck: Sendable {
  /// What one part of a dataset holds.
  public struct Part: Sendable, Equatable {
    /// How often a class occurs.
    public struct ClassCount: Sendable, Equatable {
      /// The class.
      public var name: String
      /// Number of its objects, crowds left out, or of the texts whose answer it is.
      public var objects = 0
      /// Number of pictures that have one.
      public var pictures = 0
    }

    /// The name of the part.
    public var split: String
    /// Number of texts with an answer; nil for marked pictures.
    public var texts: Int?
    /// Number of pictures.
    public var pictures = 0
    /// Number of pictures without objects.
    public var emptyPictures = 0
    /// Number of objects, crowds left out.
    public var objects = 0
    /// Number of crowds.
    public var crowds = 0
    /// The most objects of one picture.
    public var mostObjects = 0
    /// The smallest width and the smallest height in pixels; nil where no picture can be read.
    public var smallest: ImageSize?
    /// The largest width and the largest height in pixels.
    public var largest: ImageSize?
    /// The classes in the order of the dataset; answers by falling number.
    public var classes: [ClassCount]
  }

  /// The parts in the order in which they were given.
  public private(set) var parts: [Part] = []
  /// What is wrong, with the part it is in.
  public private(set) var problems: [(split: String, problem: DataProblem)] = []

  /// The problems that must be mended.
  public var errors: Int { problems.count { !$0.problem.kind.isWarning } }
  /// The problems that may be meant.
  public var warnings: Int { problems.count - errors }

  private var seen: [Int: (split: String, path: String)] = [:]

  /// Checks the parts of a dataset.
  ///
  /// - Parameters:
  ///   - parts: the parts by name.
  ///   - queries: the most objects that a model can find in a picture; nil for any number.
  ///   - progress: called now and then with the number of pictures done.
  public init(
    _ parts: [(split: String, data: MarkedPictures)], queries: Int? = nil,
    progress: (Int) -> Void = { _ in }
  ) {
    var done = 0
    for (split, data) in parts {
      problems += data.problems.map { (split, $0) }
      var part = Part(split: split, classes: data.categories.map { Part.ClassCount(name: $0.name) })
      // Pictures are decoded some at a time, so that no more than their hashes stay in memory.
      for start in stride(from: 0, to: data.pictures.count, by: 256) {
        let chunk = data.pictures[start..<min(start + 256, data.pictures.count)]
        let facts = PictureFacts.all(chunk.map(\.path))
        for (picture, facts) in zip(chunk, facts) {
          examine(picture, facts, data, split: split, queries: queries)
          part.count(picture, facts)
        }
        done += chunk.count
        progress(done)
      }
      self.parts.append(part)
    }
  }

  /// Checks the parts of a dataset of texts with answers.
  ///
  /// - Parameters:
  ///   - texts: the parts by name.
  ///   - progress: called now and then with the number of pictures done.
  public init(
    texts: [(split: String, data: AnsweredTexts)], progress: (Int) -> Void = { _ in }
  ) {
    self.init(texts.map { ($0.split, $0.data.pictures) }, progress: progress)
    for (position, (_, data)) in texts.enumerated() {
      var counts: [String: Int] = [:]
      for answer in data.answers { counts[answer, default: 0] += 1 }
      parts[position].texts = data.answers.count
      parts[position].classes = counts.map { Part.ClassCount(name: $0.key, objects: $0.value) }
        .sorted { ($1.objects, $0.name) < ($0.objects, $1.name) }
    }
  }

  private mutating func examine(
    _ picture: MarkedPictures.Picture, _ facts: PictureFacts, _ data: MarkedPictures,
    split: String, queries: Int?
  ) {
    func add(_ problem: DataProblem) { problems.append((split, problem)) }
    let path = picture.path ?? picture.name
    if let reason = facts.failure {
      add(DataProblem(.corruptPicture, file: path, text: reason))
    }
    if let header = facts.header {
      if header.orientation != 1 {
        add(
          DataProblem(
            .rotatedPicture, file: path,
            text: "it is stored turned or mirrored (EXIF orientation \(header.orientation)); boxes "
              + "are taken for those of the upright picture"))
      }
      if let problem = picture.sizeProblem(upright: header.size) { add(problem) }
    }
    if let hash = facts.hash {
      if let first = seen[hash] {
        let isOverlap = first.split != split
        let part = isOverlap ? " of the part '\(first.split)'" : ""
        add(
          DataProblem(
            isOverlap ? .overlap : .repeatedPicture, file: path,
            text: "the same picture as \(first.path)\(part)"))
      } else {
        seen[hash] = (split, path)
      }
    }
    let size =
      facts.header?.size
      ?? picture.width.flatMap { width in
        picture.height.map { ImageSize(width: width, height: $0) }
      }
    for object in picture.objects {
      let entry = "\(data.numbering) \(object.number)"
      guard let (kind, text) = object.box.fault(in: size, unit: data.unit) else { continue }
      add(DataProblem(kind, file: picture.annotations, entry: entry, text: "\(path): \(text)"))
    }
    let marked = picture.objects.count { !$0.isCrowd }
    if let queries, marked > queries {
      add(
        DataProblem(
          .manyObjects, file: picture.annotations, entry: "picture \(picture.id)",
          text: "\(marked) objects for \(queries) queries: the rest cannot be found"))
    }
  }
}

extension DataCheck.Part {
  fileprivate mutating func count(_ picture: MarkedPictures.Picture, _ facts: PictureFacts) {
    let marked = picture.objects.filter { !$0.isCrowd }
    pictures += 1
    emptyPictures += picture.objects.isEmpty ? 1 : 0
    objects += marked.count
    crowds += picture.objects.count - marked.count
    mostObjects = max(mostObjects, marked.count)
    for object in marked { classes[object.category].objects += 1 }
    for category in Set(marked.map(\.category)) { classes[category].pictures += 1 }
    guard let size = facts.header?.size else { return }
    let (low, high) = (smallest ?? size, largest ?? size)
    smallest = ImageSize(width: min(low.width, size.width), height: min(low.height, size.height))
    largest = ImageSize(width: max(high.width, size.width), height: max(high.height, size.height))
  }
}

extension CocoBox {
  /// What is wrong with a box, if anything is.
  ///
  /// - Parameter size: the picture's; without it only a box in fractions can be seen to leave it.
  fileprivate func fault(
    in size: ImageSize?, unit: MarkedPictures.Unit
  ) -> (kind: DataProblem.Kind, text: String)? {
    guard isFinite else { return (.notFinite, "expected finite numbers, found the box \(words)") }
    guard width > 0, height > 0 else {
      return (.degenerateBox, "expected a box with an extent, found \(words)")
    }
    var box = self
    var (across, down) = (Double(size?.width ?? 0), Double(size?.height ?? 0))
    if unit == .fractions {
      if size == nil { (across, down) = (1000, 1000) }
      box = scaled(across, down)
    } else if size == nil {
      return nil
    }
    let leaves = max(-box.x, -box.y, box.x + box.width - across, box.y + box.height - down)
    guard leaves > 1 else { return nil }
    let limits = size.map { "\($0.width) x \($0.height) pixels" } ?? "the picture"
    return (.outsideBox, "expected a box inside of \(limits), found \(words)")
  }
}

/// What decoding a picture tells.
private struct PictureFacts: Sendable {
  var header: ImageHeader?
  var hash: Int?
  var failure: String?

  /// Decodes pictures on several threads; nothing is known of one without a path.
  static func all(_ paths: [String?]) -> [PictureFacts] {
    let facts = Mutex([PictureFacts](repeating: PictureFacts(), count: paths.count))
    Parallel.forEach(paths.count) { index in
      guard let path = paths[index] else { return }
      let found = PictureFacts(path)
      facts.withLock { $0[index] = found }
    }
    return facts.withLock { $0 }
  }

  private init() {}

  private init(_ path: String) {
    do throws(ImageError) {
      header = try ImageHeader(contentsOf: path)
      let image = try Image(contentsOf: path)
      var hasher = Hasher()
      hasher.combine(image.width)
      hasher.combine(image.height)
      image.pixels.withUnsafeBytes { hasher.combine(bytes: $0) }
      hash = hasher.finalize()
    } catch {
      // The error's text begins with the file, which the problem names already.
      let text = error.description
      failure = text.hasPrefix(path + ": ") ? String(text.dropFirst(path.count + 2)) : text
    }
  }
}
