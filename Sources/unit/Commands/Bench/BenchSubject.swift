import Heads
import Inputs
import Layers
import Models
import Tensors

/// What is measured: one run from the inputs to the answers, and its name.
struct BenchSubject {
  /// Model, task and sizes.
  let name: String
  /// Answers once.
  let run: () throws -> Void
}

extension BenchSubject {
  /// A residual network with random weights alone.
  init(
    backbone layers: Int, _ inputs: BenchInputs, seed: UInt64, precision: Precision
  ) throws {
    guard let configuration = ResNetConfiguration.standard(layers: layers, dilatesLastStage: false)
    else { preconditionFailure("validate() checks the number of layers") }
    let network = try ResNet(
      configuration, in: ParameterSource(seed: seed, precision: precision).root)
    let size = inputs.size ?? .ordinary
    let pixels = size.pictures(inputs.batchSize, seed: seed).pixels
    name = "ResNet-\(layers), \(inputs.described(size))"
    run = { _ = stage(.backbone) { network(pixels) } }
  }

  /// From a picture file to the input of a network that sees it as DETR does, alone.
  ///
  /// - Throws: `ImageError` for a file that holds no picture.
  init(preprocessing shortestSide: Int, _ inputs: BenchInputs) throws {
    let preprocessing = try Preprocessing.detr(shortestSide: shortestSide)
    let (name, load) = try inputs.picture(scale: inputs.decoding.scale(for: preprocessing))
    self.name = "preprocessing of \(name), shorter side \(shortestSide)"
    run = { _ = preprocessing.batch([try load()]) }
  }

  /// The network of a model on ready inputs of given sizes, or whole answers to a picture file and
  /// to texts where no size is given.
  ///
  /// - Throws: `Failure` with the code 64 for sizes that the model cannot take.
  init(
    _ model: any AnsweringModel, task: TaskSpec, name: String, _ inputs: BenchInputs, seed: UInt64
  ) throws {
    let parts = "\(name), task \(task.name)"
    if inputs.areReady {
      try inputs.check(model, task: task)
      let seen = task.inputs.contains(.image)
      let images = seen ? (inputs.size ?? .ordinary).pictures(inputs.batchSize, seed: seed) : nil
      let texts = task.inputs.contains(.text) ? inputs.texts(model, task: task, seed: seed) : nil
      self.name = "\(parts), \(inputs.described(images, texts))"
      run = { _ = try model.forward(images: images, texts: texts, task: task) }
    } else {
      let answer = try Self.answer(model, task: task, inputs)
      self.name = "\(parts), \(answer.name)"
      run = answer.run
    }
  }

  /// From the bytes of a picture file, or from texts, to what a user is told.
  private static func answer(
    _ model: any AnsweringModel, task: TaskSpec, _ inputs: BenchInputs
  ) throws -> (name: String, run: () throws -> Void) {
    let count = inputs.questions ?? 1
    guard task.inputs.contains(.image) else {
      let texts = (0..<count).map { "what is said in sentence number \($0)?" }
      return (
        "\(count) \(count == 1 ? "pair" : "pairs") of texts",
        { for text in texts { _ = try model.read(text, "and in this one?", task: task) } }
      )
    }
    let (name, load) = try inputs.picture(scale: inputs.decoding.scale(for: model, task))
    let questions = (0..<count).map { "what is to be seen in part \($0) of this picture?" }
    if task.head == "detection" {
      let attributes = task.attributes != nil
      return (name, { _ = try model.detect(load(), task: task, attributes: attributes) })
    }
    guard task.inputs.contains(.text) else {
      return (name, { _ = try model.classify(load(), task: task) })
    }
    return (
      "\(name), \(count) \(count == 1 ? "question" : "questions")",
      { _ = try model.ask(load(), questions, task: task) }
    )
  }
}
