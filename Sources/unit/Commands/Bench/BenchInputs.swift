import ArgumentParser
import Heads
import Inputs
import Models
import Tensors

/// The options of `unit bench` that say what the model gets.
struct BenchInputs: ParsableArguments {
  @Option(
    help: "Height and width of the network's input, such as 480x640.", transform: InputSize.init)
  var size: InputSize?

  @Option(help: "Number of tokens of the network's input.")
  var tokens: Int?

  @Option(help: "Number of pictures or texts of the network's input.")
  var batch: Int?

  @Option(help: "A picture file for whole answers; one of 640 x 480 pixels if left out.")
  var image: String?

  @Option(help: "Number of questions about the picture (or of texts) for whole answers.")
  var questions: Int?

  @OptionGroup var decoding: DecodingOptions

  func validate() throws {
    for (name, value) in [("--tokens", tokens), ("--batch", batch), ("--questions", questions)] {
      if let value, !(1...65_536).contains(value) {
        throw ValidationError("\(name) must be 1 to 65536, not \(value)")
      }
    }
    if areReady, image != nil || questions != nil {
      throw ValidationError(
        "--image and --questions measure whole answers; --size, --tokens and --batch give the "
          + "network ready inputs: leave one or the other out")
    }
  }

  /// Whether the network gets tensors, without files, preprocessing and answers in words.
  var areReady: Bool { size != nil || tokens != nil || batch != nil }

  /// Pictures or texts of one run.
  var batchSize: Int { batch ?? 1 }

  /// Refuses sizes that the model cannot take.
  ///
  /// - Throws: `Failure` with the code 64.
  func check(_ model: any AnsweringModel, task: TaskSpec) throws {
    if size != nil, !task.inputs.contains(.image) {
      throw Failure(
        .usage, "--size: the task '\(task.name)' sees no pictures", advice: "leave --size out")
    }
    guard let tokens else { return }
    guard task.inputs.contains(.text), let tables = model.textTables else {
      throw Failure(
        .usage, "--tokens: the task '\(task.name)' reads no texts", advice: "leave --tokens out")
    }
    try check(tokens, positions: tables.positions)
  }

  /// Refuses more tokens than the model has positions for.
  ///
  /// - Throws: `Failure` with the code 64.
  func check(_ tokens: Int, positions: Int) throws {
    if tokens > positions {
      throw Failure(
        .usage,
        "--tokens: expected 1 to \(positions), as the model has positions for, found \(tokens)")
    }
  }

  /// Random word pieces without padding.
  func texts(_ model: any AnsweringModel, task: TaskSpec, seed: UInt64) -> TokenBatch {
    guard let tables = model.textTables else {
      preconditionFailure("a task that reads texts belongs to a model that does")
    }
    let length = tokens ?? min(16, tables.positions)
    let count = batchSize * length
    let key = RandomKey(seed: seed).folding("bench texts")
    return TokenBatch(
      ids: (0..<count).map {
        min(tables.vocabulary - 1, Int(key.uniform(at: UInt64($0)) * Float(tables.vocabulary)))
      }, typeIds: [Int](repeating: 0, count: count), mask: [Bool](repeating: true, count: count),
      batch: batchSize, length: length)
  }

  /// Decodes the picture of whole answers anew at every call, and how reports call it.
  ///
  /// - Throws: `ImageError` for a file that holds no picture.
  func picture(scale: Decoding) throws -> (name: String, load: () throws -> Image) {
    if let image {
      _ = try Image(contentsOf: image, scale: scale)
      return (image, { try Image(contentsOf: image, scale: scale) })
    }
    let bytes = encodeJPEG(InputSize.ordinary.picture)
    let name = "a JPEG of \(InputSize.ordinary.described)"
    return (name, { try Image(decoding: bytes, name: name, scale: scale) })
  }

  /// Pictures of a size in words.
  func described(_ size: InputSize) -> String {
    (batchSize == 1 ? "" : "\(batchSize) pictures of ") + size.described
  }

  /// Ready inputs in words.
  func described(_ images: ImageBatch?, _ texts: TokenBatch?) -> String {
    var parts: [String] = []
    if let images {
      parts.append(described(InputSize(height: images.height, width: images.width)))
    }
    if let texts {
      parts.append((texts.batch == 1 ? "" : "\(texts.batch) x ") + "\(texts.length) tokens")
    }
    return parts.joined(separator: ", ")
  }
}

extension InputSize {
  /// The size where none is given.
  static var ordinary: InputSize { InputSize(height: 480, width: 640) }

  /// Such as `480 x 640`.
  var described: String { "\(height) x \(width)" }
}
