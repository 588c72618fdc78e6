import ArgumentParser
import Checkpoints
import Inputs
import Tensors

/// Decodes a picture and writes its pixels.
struct DebugPixels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pixels",
    abstract: "Write the decoded upright pixels of a picture.",
    discussion: """
      Example:
        unit debug pixels photo.jpg --outputs pixels.safetensors

      The file holds `pixels`, [height, width, 3] or, where the picture has transparency,
      [height, width, 4], from 0 to 255.
      """)

  @Argument(help: "A PNG or JPEG file, or - for standard input.")
  var image: String

  @Option(help: "The .safetensors file to write.")
  var outputs: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let input = image == "-" ? PictureInput.standardInput : .file(image)
    let picture = try input.load()
    try writeSafetensors([("pixels", picture.tensor)], metadata: [:], to: outputs)
  }
}

extension Image {
  /// The pixels, `[height, width, 3]` or with transparency `[height, width, 4]`, from 0 to 255.
  fileprivate var tensor: Tensor {
    let parts = alpha == nil ? 3 : 4
    return Tensor(shape: [height, width, parts]) { destination in
      for place in 0..<width * height {
        for part in 0..<3 { destination[place * parts + part] = Float(pixels[place * 3 + part]) }
        if let alpha { destination[place * parts + 3] = Float(alpha[place]) }
      }
    }
  }
}
