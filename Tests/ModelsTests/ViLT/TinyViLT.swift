import Checkpoints
import Inputs
import Layers
import Models
import Support
import Tensors

/// The tiny ViLT of `Goldens/ViLT/make.py`, built without a folder.
enum TinyViLT {
  static let answers = [
    "yes", "no", "red", "blue", "green", "1", "2", "3", "circle", "square", "a cat", "café",
  ]

  static let configuration = ViLTConfiguration(
    transformer: ViLTTransformerConfiguration(
      width: 32, heads: 4, feedforward: 64, layers: 2),
    text: ViLTTextConfiguration(vocabulary: 56, positions: 16, types: 2, lowercases: true),
    image: ViLTImageConfiguration(side: 32, patch: 8, modalities: 2),
    task: .question(answers: answers))

  /// Its weights by transformers' names.
  static func weights() throws -> (tensors: [String: Tensor], file: String) {
    let golden = try Golden("ViLT/model/model.safetensors")
    var tensors: [String: Tensor] = [:]
    for name in golden.names { tensors[name] = golden[name] }
    return (tensors, golden.file.path)
  }

  /// The network with the reference's weights, all of which it must have taken.
  static func network() throws -> ViLT {
    let (tensors, file) = try weights()
    let source = ParameterSource(tensors: tensors, file: file)
    let network = try ViLT(configuration, in: source.root)
    try source.finish()
    return network
  }
}

/// Pictures and questions of a case of `Goldens/ViLT/outputs.safetensors`.
struct ViLTInputs {
  let images: ImageBatch
  let texts: TokenBatch

  init(_ golden: Golden, _ name: String) {
    images = ImageBatch(
      pixels: golden["\(name).pixel_values"], mask: golden.booleans("\(name).pixel_mask"))
    let shape = golden["\(name).input_ids"].shape
    texts = TokenBatch(
      ids: golden.integers("\(name).input_ids"),
      typeIds: golden.integers("\(name).token_type_ids"),
      mask: golden.booleans("\(name).attention_mask"), batch: shape[0], length: shape[1])
  }

  private init(images: ImageBatch, texts: TokenBatch) {
    self.images = images
    self.texts = texts
  }

  /// One of the pairs alone, without the padding.
  func alone(_ item: Int) -> ViLTInputs {
    let size = images.sizes[item]
    let picture = images.pixels.sliced(axis: 0, range: item..<item + 1)
      .sliced(axis: 2, range: 0..<size.height).sliced(axis: 3, range: 0..<size.width)
    let row = item * texts.length..<(item + 1) * texts.length
    let length = texts.mask[row].count { $0 }
    let own = row.prefix(length)
    return ViLTInputs(
      images: ImageBatch([picture.reshaped([3, size.height, size.width])]),
      texts: TokenBatch(
        ids: Array(texts.ids[own]), typeIds: Array(texts.typeIds[own]),
        mask: Array(texts.mask[own]), batch: 1, length: length))
  }
}
