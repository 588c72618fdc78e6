import Foundation
import Heads
import Inputs
import Layers
import Models
import Support
import Tensors
import Testing

/// Groups of queries and noised objects in training, for queries with and without boxes.
struct TrainingQueriesTests {
  private static let objects = [
    ObjectTargets(
      labels: [1, 3],
      boxes: [
        .init(centerX: 0.3, centerY: 0.4, width: 0.2, height: 0.3),
        .init(centerX: 0.7, centerY: 0.6, width: 0.4, height: 0.2),
      ]),
    ObjectTargets(labels: [], boxes: []),
    ObjectTargets(labels: [0], boxes: [.init(centerX: 0.5, centerY: 0.5, width: 0.3, height: 0.6)]),
  ]

  private func configuration(
    boxes: Bool, groups: Int? = 3, denoising: Denoising? = Denoising(groups: 2), shared: Bool = true
  ) -> UniTConfiguration {
    var task = TaskSpec(
      name: "toys", head: "detection", group: "detection", index: 0, queries: 4, inputs: [.image],
      labels: ["a", "b", "c", "d"])
    task.hasReferenceBoxes = boxes ? true : nil
    task.queryGroups = groups
    task.denoising = denoising
    var configuration = UniTConfiguration.tiny(tasks: [task], vocabulary: 9, sharesDecoder: shared)
    configuration.text = nil
    return configuration
  }

  private func model(_ configuration: UniTConfiguration) throws -> MultitaskModel {
    try configuration.validate(file: "config.json", heads: HeadRegistry.names)
    let model = try MultitaskModel(configuration, wordPiece: nil, seed: 3)
    // Fresh layers that move boxes are zero, which would hide what reaches them.
    for parameter in model.parameters where parameter.value.elements.allSatisfy({ $0 == 0 }) {
      parameter.value =
        Tensor.normal(
          parameter.value.shape, key: RandomKey(seed: 9).folding(parameter.name)) * 0.1
    }
    return model
  }

  private func memory(_ width: Int, batch: Int = 3) -> EncodedSequence {
    EncodedSequence(
      states: .normal([batch, 7, width], key: RandomKey(seed: 1)),
      positions: .normal([batch, 7, width], key: RandomKey(seed: 2)), padding: nil)
  }

  private func noised(_ model: MultitaskModel, key: UInt64 = 5) throws -> NoisedObjects {
    try #require(
      model.heads["toys"]?.noised(.objects(Self.objects), key: { RandomKey(seed: key) }))
  }

  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
  func ownQueriesSeeNoOthers(boxes: Bool, shared: Bool) throws {
    let model = try model(configuration(boxes: boxes, shared: shared))
    let task = model.configuration.tasks[0]
    let memory = memory(model.configuration.decoder.width)
    let alone = model.network.decode(memory, task: task)
    let layers = model.network.decode(memory, task: task, noised: try noised(model))
    #expect(layers.groups.count == 3)
    for (one, other) in zip(alone, layers.own) {
      expectClose(other.states, one.states, absolute: 1e-6)
      if boxes { expectClose(other.boxes!, one.boxes!, absolute: 1e-6) }
    }
    // The other groups are queries of their own.
    #expect(layers.groups[1][0].states.elements != layers.own[0].states.elements)
    #expect(layers.groups[2][0].states.elements != layers.groups[1][0].states.elements)
  }

  @Test(arguments: [true, false]) func runsSeeOneAnotherNot(boxes: Bool) throws {
    let model = try model(configuration(boxes: boxes))
    let task = model.configuration.tasks[0]
    let memory = memory(model.configuration.decoder.width)
    let first = try noised(model)
    var changed = first
    let length = first.group.length
    #expect(length == 2 && first.group.runs == 2)
    for picture in 0..<3 {
      changed.labels[picture * 4 + length] = (first.labels[picture * 4 + length] + 1) % 4
    }
    let before = model.network.decode(memory, task: task, noised: first)
    let after = model.network.decode(memory, task: task, noised: changed)
    let (a, b) = (try #require(before.restored?.last), try #require(after.restored?.last))
    func run(_ x: Tensor, _ index: Int) -> Tensor {
      x.sliced(axis: 1, range: index * length..<(index + 1) * length)
    }
    expectClose(run(b.states, 0), run(a.states, 0), absolute: 1e-6)
    #expect(run(b.states, 1).elements != run(a.states, 1).elements)
    expectClose(after.own[0].states, before.own[0].states, absolute: 1e-6)
  }

  /// The gradients of everything that is there for training alone, and the direction they point in.
  @Test(arguments: [true, false]) func everyPartLearns(boxes: Bool) throws {
    let model = try model(configuration(boxes: boxes))
    let task = model.configuration.tasks[0]
    let images = ImageBatch(
      (0..<3).map { .normal([3, 40, 32], key: RandomKey(seed: UInt64($0))) })
    func terms() throws -> [LossTerm] {
      try model.loss(images: images, texts: nil, targets: .objects(Self.objects), task: task)
    }
    let key = RandomKey(seed: 4)
    let (loss, gradients) = try withGradients(dropoutKey: key) { try terms().total }
    let own = model.parameters.filter { $0.name.contains("training_queries") }
    #expect(own.count == (boxes ? 3 : 6))
    for parameter in own {
      let gradient = try #require(gradients[parameter], "\(parameter.name)")
      #expect(gradient.elements.contains { $0 != 0 }, "\(parameter.name)")
      #expect(gradient.elements.allSatisfy { $0.isFinite }, "\(parameter.name)")
    }
    var expected: Float = 0
    let step: Float = 1e-4
    for parameter in own {
      guard let gradient = gradients[parameter] else { continue }
      expected -= step * (gradient * gradient).sum().scalar
      parameter.value = parameter.value - gradient * step
    }
    let (after, _) = try withGradients(dropoutKey: key) { try terms().total }
    let change = after.scalar - loss.scalar
    #expect(change < 0, "\(change)")
    // Boxes are constants between layers, so that the loss falls by more than the gradients say.
    #expect(boxes || abs(change - expected) < 0.2 * abs(expected), "\(change) \(expected)")
  }

  @Test func aTermIsTheMeanOfItsGroups() throws {
    let model = try model(configuration(boxes: true, denoising: nil))
    let task = model.configuration.tasks[0]
    let images = ImageBatch(
      (0..<3).map { .normal([3, 40, 32], key: RandomKey(seed: UInt64($0))) })
    let targets = Targets.objects(Self.objects)
    let memory = model.network.memory(
      image: model.network.encodeImages(images, task: task).memory, text: nil, task: task)
    let groups = model.network.decode(memory, task: task, noised: nil).groups
    let lists = try groups.map { try model.heads["toys"]!.loss($0, targets: targets) }
    let terms = try model.loss(images: images, texts: nil, targets: targets, task: task)
    #expect(terms.map(\.name) == lists[0].map(\.name))
    for (index, term) in terms.enumerated() {
      let sum = lists.reduce(0) { $0 + $1[index].value.scalar }
      #expect(abs(term.value.scalar - sum / 3) < 1e-5 * max(1, abs(sum)), "\(term.name)")
    }
  }

  @Test func denoisingIsForTrainingOnly() throws {
    let model = try model(configuration(boxes: true))
    let task = model.configuration.tasks[0]
    let images = ImageBatch(
      (0..<3).map { .normal([3, 40, 32], key: RandomKey(seed: UInt64($0))) })
    func names(key: RandomKey?) throws -> [String] {
      var names: [String] = []
      _ = try withGradients(dropoutKey: key) { () -> Tensor in
        let terms = try model.loss(
          images: images, texts: nil, targets: .objects(Self.objects), task: task)
        names = terms.map(\.name)
        return terms.total
      }
      return names
    }
    #expect(try names(key: nil).contains { $0.hasPrefix("dn_") } == false)
    let layers = model.configuration.decoder.layers
    #expect(try names(key: RandomKey(seed: 1)).count { $0.hasPrefix("dn_") } == 3 * layers)
  }

  @Test func aModelThatAnswersDoesWithout() throws {
    let trained = try model(configuration(boxes: true))
    let folder = try TemporaryFolder()
    try ModelDirectory.save(trained, to: folder.path + "/model")
    let loaded = try ModelDirectory.load(folder.path + "/model")
    #expect(loaded.configuration == trained.configuration.answering)
    #expect(!loaded.parameters.contains { $0.name.contains("training_queries") })
    let memory = memory(trained.configuration.decoder.width)
    let a = trained.network.decode(memory, task: trained.configuration.tasks[0])
    let b = loaded.network.decode(memory, task: loaded.configuration.tasks[0])
    expectClose(a[a.count - 1].states, b[b.count - 1].states, absolute: 1e-6)
  }

  @Test func theConfigurationSaysSo() throws {
    let configuration = configuration(boxes: true)
    let text = try JSONEncoder().encode(configuration)
    let again = try decodeStrictly(UniTConfiguration.self, from: text, file: "config.json")
    #expect(again == configuration)
    #expect(again.tasks[0].denoising == Denoising(groups: 2))
    func problem(_ change: (inout TaskSpec) -> Void) -> String {
      var wrong = configuration
      change(&wrong.tasks[0])
      do {
        try wrong.validate(file: "config.json", heads: ["detection", "classification"])
        return "none"
      } catch { return "\(error)" }
    }
    #expect(problem { $0.queryGroups = 0 }.contains("tasks[0].query_groups"))
    #expect(problem { $0.queryGroups = 65 }.contains("tasks[0].query_groups"))
    #expect(problem { $0.denoising = Denoising(groups: 0) }.contains("tasks[0].denoising.groups"))
    #expect(problem { $0.denoising = Denoising(labelNoise: 1.5) }.contains("denoising.label_noise"))
    #expect(problem { $0.denoising = Denoising(boxNoise: .nan) }.contains("denoising.box_noise"))
    let other = problem {
      $0.head = "classification"
      $0.hasReferenceBoxes = nil
    }
    #expect(other.contains("tasks[0].query_groups"))
  }
}
