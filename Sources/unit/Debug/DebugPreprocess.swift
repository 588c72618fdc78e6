import ArgumentParser
import Checkpoints
import Heads
import Inputs
import Tensors

/// Writes what the network would see of a picture.
struct DebugPreprocess: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preprocess",
    abstract: "Write what the network would see of a picture: resized and normalised.",
    discussion: """
      Example:
        unit debug preprocess photo.jpg --outputs seen.safetensors

      The file holds pixel_values [1, 3, height, width] and pixel_mask [1, height, width]. The
      picture is decoded in full, as with the commands' --exact-decoding, unless --reduced is given.
      """)

  @Argument(help: "A PNG or JPEG file, or - for standard input.")
  var image: String

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "See as DETR does, with a shorter side of so many pixels, instead of a model.")
  var short: Int?

  @Flag(help: "Decode large JPEGs at a reduced scale, as the commands do.")
  var reduced = false

  @Option(help: "The .safetensors file to write.")
  var outputs: String

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard let short else { return }
    _ = try Preprocessing.detr(shortestSide: short)
    if modelOptions.model != nil {
      throw ValidationError("--short stands for a model's preprocessing: leave --model out")
    }
  }

  func run() throws {
    common.apply()
    let preprocessing =
      try short.map(Preprocessing.detr(shortestSide:))
      ?? modelOptions.open(common.notes).preprocessing
    guard let preprocessing else { throw AnsweringError.noTask(use: .detection) }
    let input = image == "-" ? PictureInput.standardInput : .file(image)
    let batch = preprocessing.batch([
      try input.load(scale: reduced ? preprocessing.decoding : .exact)
    ])
    let (height, width) = (batch.pixels.shape[2], batch.pixels.shape[3])
    let mask = Tensor(batch.mask.map { $0 ? 1 : 0 }, shape: [1, height, width])
    try writeSafetensors([("pixel_values", batch.pixels), ("pixel_mask", mask)], to: outputs)
  }
}

extension Preprocessing {
  /// DETR's with another shorter side.
  ///
  /// - Throws: `ValidationError` for sides that no network sees.
  static func detr(shortestSide short: Int) throws -> Preprocessing {
    guard (16...1333).contains(short) else {
      throw ValidationError("the shorter side must be 16 to 1333 pixels, not \(short)")
    }
    return Preprocessing(
      resize: .shortestSide(short: short, longestMaximum: 1333, rounding: .huggingFace))
  }
}
