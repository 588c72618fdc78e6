import ArgumentParser
import Checkpoints
import Heads
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
      picture is always decoded in full, as with the commands' --exact-decoding.
      """)

  @Argument(help: "A PNG or JPEG file, or - for standard input.")
  var image: String

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "The .safetensors file to write.")
  var outputs: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let model = try modelOptions.open(common.notes)
    let input = image == "-" ? PictureInput.standardInput : .file(image)
    let batch = try model.batch([input.load()])
    let (height, width) = (batch.pixels.shape[2], batch.pixels.shape[3])
    let mask = Tensor(batch.mask.map { $0 ? 1 : 0 }, shape: [1, height, width])
    try writeSafetensors([("pixel_values", batch.pixels), ("pixel_mask", mask)], to: outputs)
  }
}
