import Dispatch
import Heads
import Inputs
import Models
import Support
import Synchronization
import Tensors
import Testing

/// What holds for every UniT, whatever its weights.
@Suite struct UniTPropertyTests {
  private func model(sharesDecoder: Bool = true) throws -> MultitaskModel {
    let plain = UniTConfigurationTests.configuration
    let configuration = UniTConfiguration.tiny(
      tasks: plain.tasks, vocabulary: 20, sharesDecoder: sharesDecoder)
    return try MultitaskModel(configuration, wordPiece: nil, seed: 5)
  }

  private func images(_ count: Int) -> ImageBatch {
    ImageBatch(
      pixels: .normal([count, 3, 64, 48], key: RandomKey(seed: 9)),
      mask: [Bool](repeating: true, count: count * 64 * 48))
  }

  // Three questions of different length; the shorter ones are padded.
  private let questions = [[2, 7, 8, 9, 10, 3], [2, 7, 3], [2, 11, 12, 3]]

  private func texts(_ chosen: [[Int]]) -> TokenBatch {
    TokenBatch(
      chosen.map { TokenSequence(ids: $0, typeIds: [Int](repeating: 0, count: $0.count)) },
      paddingID: 0)
  }

  @Test(arguments: ["objects", "questions"])
  func aBatchEqualsItsItemsOneByOne(_ name: String) throws {
    let model = try model()
    let task = try model.configuration.task(named: name)
    let images = images(3)
    let joint = model.states(images: images, texts: texts(questions), task: task).last!
    for item in 0..<3 {
      let own = ImageBatch(
        pixels: images.pixels.sliced(axis: 0, range: item..<item + 1),
        mask: Array(images.mask[item * 64 * 48..<(item + 1) * 64 * 48]))
      let single = model.states(images: own, texts: texts([questions[item]]), task: task).last!
      expectClose(joint.sliced(axis: 0, range: item..<item + 1), single, absolute: 1e-5)
    }
  }

  @Test func answersDoNotDependOnThreadsOrOnOtherRequests() throws {
    let model = try model()
    let task = try model.configuration.task(named: "questions")
    let (images, texts) = (images(3), texts(questions))
    atOneKernelLevel {
      @Sendable func bits() -> [Float] {
        model.states(images: images, texts: texts, task: task).last!.elements
      }
      let before = Parallel.threads
      defer { Parallel.threads = before }
      Parallel.threads = 1
      let expected = bits()
      for threads in [2, 5] {
        Parallel.threads = threads
        #expect(bits() == expected)
      }
      let results = Mutex<[[Float]]>([])
      DispatchQueue.concurrentPerform(iterations: 6) { _ in
        let result = bits()
        results.withLock { $0.append(result) }
      }
      #expect(results.withLock { $0.allSatisfy { $0 == expected } })
    }
  }

  @Test func separateDecodersShareNothing() throws {
    let shared = try model().parameters
    let separate = try model(sharesDecoder: false).parameters
    let own = shared.filter { $0.name.contains(".transformer.decoder.") }
    #expect(!own.isEmpty)
    #expect(separate.count == shared.count + own.count)
    #expect(separate.allSatisfy { !$0.name.contains(".transformer.decoder.") })
  }

  @Test func aTaskMovesOnlyItsOwnParameters() throws {
    let model = try model(sharesDecoder: false)
    let task = try model.configuration.task(named: "questions")
    let (_, gradients) = try withGradients {
      try model.loss(
        images: images(3), texts: texts(questions),
        targets: .answers(.zeros([3, task.labels.count])), task: task
      ).total
    }
    for parameter in model.parameters {
      let isOthers =
        parameter.name.contains("objects") || parameter.name.contains("class_embeds")
      #expect((gradients[parameter] == nil) == isOthers, "\(parameter.name)")
    }
  }

  @Test func picturesWithoutObjectsHaveALoss() throws {
    let model = try model()
    let task = try model.configuration.task(named: "objects")
    let terms = try model.loss(
      images: images(2), texts: nil,
      targets: .objects([.init(labels: [], boxes: []), .init(labels: [], boxes: [])]), task: task)
    #expect(terms.allSatisfy { $0.value.scalar.isFinite })
    #expect(terms.first { $0.name == "loss_bbox" }?.value.scalar == 0)
  }

  @Test func targetsOfTheWrongKindAreRefused() throws {
    let model = try model()
    let task = try model.configuration.task(named: "objects")
    #expect(
      throws: TargetError.wrongKind(task: "objects", expected: "objects", found: "classes")
    ) { _ = try model.loss(images: images(1), texts: nil, targets: .classes([0]), task: task) }
    #expect(throws: TargetError.labelOutOfRange(task: "objects", label: 2, rows: 2)) {
      _ = try model.loss(
        images: images(1), texts: nil,
        targets: .objects([
          .init(labels: [2], boxes: [.init(centerX: 0.5, centerY: 0.5, width: 0.1, height: 0.1)])
        ]), task: task)
    }
  }
}
