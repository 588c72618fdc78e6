import Foundation
import Inputs
import Layers
import Models
import Tensors
import Testing

/// What it saves to encode a picture once: the released UniT's dimensions with random weights, ten
/// questions about a picture of 800 x 1066 pixels. Run with `UNIT_MEASURE=1`; prints its figures.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["UNIT_MEASURE"] == "1"))
struct PictureMemoryMeasurement {
  @Test func tenQuestionsAboutOnePicture() throws {
    let task = try #require(TaskSpec.official.first { $0.name == "vqa2" })
    let network = try UniT(.official(tasks: [task]), in: ParameterSource(seed: 1).root)
    let images = ImageBatch(
      pixels: .normal([1, 3, 800, 1066], key: RandomKey(seed: 2)),
      mask: [Bool](repeating: true, count: 800 * 1066))
    let ids = [101] + (0..<8).map { 2000 + $0 } + [102]
    let question = TokenBatch(
      [TokenSequence(ids: ids, typeIds: [Int](repeating: 0, count: ids.count))], paddingID: 0)
    _ = network(images: images, texts: question, task: task)
    let clock = ContinuousClock()
    let apart = clock.measure {
      for _ in 0..<10 { _ = network(images: images, texts: question, task: task) }
    }
    let image = network.encodeImages(images, task: task).memory
    let encoded = clock.measure {
      for _ in 0..<10 {
        let text = network.encodeTexts(question, task: task)
        _ = network.decode(network.memory(image: image, text: text, task: task), task: task)
      }
    }
    var pictures: PictureMemory?
    let looking = clock.measure { pictures = network.look(at: images, task: task) }
    let asking = clock.measure {
      for _ in 0..<10 { _ = network(pictures!, texts: question, task: task) }
    }
    print("each question by itself: \(apart)")
    print("encoder's states kept, decoder's keys and values made again: \(encoded) for ten")
    print("picture once: \(looking), ten questions after it: \(asking)")
    #expect(looking + asking < apart)
  }
}
