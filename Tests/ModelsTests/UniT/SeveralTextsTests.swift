import Heads
import Inputs
import Models
import Support
import Tensors
import Testing

/// A picture that is encoded once for several texts gives what it gives for each of them.
struct SeveralTextsTests {
  private let task = TaskSpec(
    name: "questions", head: "answer", group: "vl", index: 1, queries: 2, inputs: [.image, .text],
    labels: ["yes", "no"])

  @Test func eachPictureIsReadForItsOwnTexts() throws {
    let model = try MultitaskModel(
      .tiny(tasks: [task], vocabulary: 20), wordPiece: nil, seed: 2)
    let pixels = Tensor.normal([2, 3, 64, 64], key: RandomKey(seed: 3))
    let mask = (0..<2 * 64 * 64).map { $0 < 64 * 64 || $0 % 64 < 40 }
    let ids = (0..<4 * 5).map { 5 + $0 % 11 }
    let types = [Int](repeating: 0, count: 20)
    let texts = TokenBatch(
      ids: ids, typeIds: types, mask: (0..<20).map { $0 != 4 && $0 != 19 }, batch: 4, length: 5)
    let once = model.states(
      images: ImageBatch(pixels: pixels, mask: mask), texts: texts, task: task)
    let rows = [0, 0, 1, 1]
    let each = model.states(
      images: ImageBatch(
        pixels: pixels.gathered(rows: rows),
        mask: rows.flatMap { mask[$0 * 64 * 64..<($0 + 1) * 64 * 64] }), texts: texts, task: task)
    for (once, each) in zip(once, each) { expectClose(once, each, absolute: 1e-6) }
  }

  @Test func knownFeaturesTakeThePlaceOfPixels() throws {
    let model = try MultitaskModel(
      .tiny(tasks: [task], vocabulary: 20), wordPiece: nil, seed: 2)
    let pictures = [
      Tensor.normal([3, 64, 48], key: RandomKey(seed: 3)),
      Tensor.normal([3, 40, 64], key: RandomKey(seed: 4)),
    ]
    let images = ImageBatch(pictures)
    let texts = TokenBatch(
      ids: [5, 6, 7, 8], typeIds: [0, 0, 0, 0], mask: [true, true, true, true], batch: 2, length: 2)
    let blind = ImageBatch(sizes: images.sizes, extent: ImageSize(width: 64, height: 64))
    #expect(blind.mask == images.mask && blind.count == 2)
    let known = KnownStates(
      features: model.network.imageFeatures(images),
      text: model.network.encodeTexts(texts, task: task))
    let layers = model.layers(images: blind, texts: nil, known: known, task: task)
    let states = model.states(images: images, texts: texts, task: task)
    for (layer, states) in zip(layers, states) {
      #expect(layer.states.elements == states.elements)
    }
  }
}
