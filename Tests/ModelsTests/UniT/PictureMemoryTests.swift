import Heads
import Inputs
import Models
import Support
import Tensors
import Testing

/// Many questions about one picture, which is encoded once.
@Suite struct PictureMemoryTests {
  private static let tasks = UniTConfigurationTests.configuration.tasks

  private func model(sharesDecoder: Bool) throws -> MultitaskModel {
    try MultitaskModel(
      .tiny(tasks: Self.tasks, vocabulary: 20, sharesDecoder: sharesDecoder), wordPiece: nil,
      seed: 5)
  }

  private func texts(_ ids: [Int]) -> TokenBatch {
    TokenBatch(
      [TokenSequence(ids: ids, typeIds: [Int](repeating: 0, count: ids.count))], paddingID: 0)
  }

  private func images(_ count: Int, mask: [Bool]? = nil) -> ImageBatch {
    ImageBatch(
      pixels: .normal([count, 3, 64, 48], key: RandomKey(seed: 9)),
      mask: mask ?? [Bool](repeating: true, count: count * 64 * 48))
  }

  @Test(arguments: [true, false])
  func askingAgainEqualsEncodingAgain(sharesDecoder: Bool) throws {
    let model = try model(sharesDecoder: sharesDecoder)
    let asked = Self.tasks.filter { $0.inputs == [.image, .text] }
    #expect(!asked.isEmpty)
    for task in asked {
      let images = images(1)
      let pictures = model.network.look(at: images, task: task)
      for question in [[2, 7, 8, 9, 10, 3], [2, 7, 3], [2, 11, 12, 3]] {
        let whole = model.network(images: images, texts: texts(question), task: task)
        let again = model.network(pictures, texts: texts(question), task: task)
        #expect(whole.count == again.count)
        for (expected, found) in zip(whole, again) {
          expectClose(found, expected.states, absolute: 1e-6)
        }
      }
    }
  }

  @Test func paddedPicturesAndPicturesAloneAreTheSame() throws {
    let model = try model(sharesDecoder: true)
    // The second picture fills the left half only.
    let mask = (0..<2 * 64 * 48).map { $0 < 64 * 48 || $0 % 48 < 24 }
    let images = images(2, mask: mask)
    let pair = TokenBatch(
      [[2, 7, 8, 3], [2, 7, 3]].map {
        TokenSequence(ids: $0, typeIds: [Int](repeating: 0, count: $0.count))
      }, paddingID: 0)
    for task in Self.tasks where task.inputs.contains(.image) {
      let texts = task.inputs.contains(.text) ? pair : nil
      let whole = model.network(images: images, texts: texts, task: task).last!
      let again = model.network(
        model.network.look(at: images, task: task), texts: texts, task: task
      ).last!
      expectClose(again, whole.states, absolute: 1e-6)
    }
  }

  @Test func manyTextsAboutOnePictureAreAskedTogether() throws {
    let model = try model(sharesDecoder: true)
    let asked = Self.tasks.filter { $0.inputs == [.image, .text] }
    let questions = [[2, 7, 8, 9, 10, 3], [2, 7, 3], [2, 11, 12, 3]]
    let together = TokenBatch(
      questions.map { TokenSequence(ids: $0, typeIds: [Int](repeating: 0, count: $0.count)) },
      paddingID: 0)
    // The lower half of the picture is padding.
    let images = images(1, mask: (0..<64 * 48).map { $0 < 32 * 48 })
    for task in asked {
      try atOneKernelLevel {
        let pictures = model.network.look(at: images, task: task)
        let states = try #require(model.network(pictures, texts: together, task: task).last)
        for (number, question) in questions.enumerated() {
          let found = states.sliced(axis: 0, range: number..<number + 1)
          let alone = try #require(
            model.network(pictures, texts: texts(question), task: task).last)
          #expect(found.elements == alone.elements)
          let first = try #require(
            model.network(pictures, texts: texts(question), task: task, rows: 1).last)
          #expect(first.elements == found.sliced(axis: 1, range: 0..<1).elements)
          let whole = try #require(
            model.network(images: images, texts: texts(question), task: task).last)
          expectClose(found, whole.states, absolute: 1e-6)
        }
      }
    }
  }
}
