import Checkpoints
import Foundation
import Heads
import Inputs
import Models
import Support
import Tensors
import Testing

/// `debug forward`, `gradients` and `preprocess`: the numbers are those of the model in memory.
struct DebugNetworkTests {
  private let model: TinyModel
  private let folder: TemporaryFolder
  private let inputs: String
  private let outputs: String

  init() throws {
    model = try TinyModel()
    folder = try TemporaryFolder()
    inputs = folder.path("in.safetensors")
    outputs = folder.path("out.safetensors")
    try writeInputs()
  }

  private static let pixels = Tensor(
    (0..<2 * 3 * 32 * 48).map { Float($0 % 37) / 18 - 1 }, shape: [2, 3, 32, 48])
  private static let mask = Tensor(
    (0..<2 * 32 * 48).map { $0 < 32 * 48 || $0 % 48 < 24 ? 1 : 0 }, shape: [2, 32, 48])

  private func writeInputs(_ change: (inout [(name: String, tensor: Tensor)]) -> Void = { _ in })
    throws
  {
    var tensors: [(name: String, tensor: Tensor)] = [
      ("pixel_values", Self.pixels), ("pixel_mask", Self.mask),
      ("input_ids", Tensor([2, 5, 6, 3, 2, 7, 3, 0], shape: [2, 4])),
      ("attention_mask", Tensor([1, 1, 1, 1, 1, 1, 1, 0], shape: [2, 4])),
      ("labels.0", Tensor([1, 0])), ("labels.1", Tensor([], shape: [0])),
      ("boxes.0", Tensor([0.5, 0.5, 0.2, 0.4, 0.3, 0.7, 0.1, 0.1], shape: [2, 4])),
      ("boxes.1", Tensor([], shape: [0, 4])),
      ("attributes.0", Tensor([1, -1], shape: [2, 1])),
      ("answers", Tensor([1, 0, 0, 0, 0.5, 1], shape: [2, 3])),
    ]
    change(&tensors)
    try writeSafetensors(tensors, to: inputs)
  }

  private func run(_ stage: String, task: String) throws -> Execution {
    try unit(
      "debug", stage, "--model", model.path, "--inputs", inputs, "--outputs", outputs, "--task",
      task)
  }

  private func written() throws -> SafetensorsFile { try SafetensorsFile(contentsOf: outputs) }

  private var images: ImageBatch {
    ImageBatch(pixels: Self.pixels, mask: Self.mask.elements.map { $0 != 0 })
  }

  @Test func forwardWritesTheOutputsOfTheModel() throws {
    let run = try run("forward", task: "shapes")
    #expect(run.status == 0, "\(run.errors)")
    let loaded = try ModelDirectory.load(model.path)
    let task = try loaded.configuration.task(named: "shapes")
    let states = atOneKernelLevel {
      loaded.states(images: images, texts: nil, task: task)
    }
    let file = try written()
    #expect(try file.tensor("last_hidden_state").elements == states.last?.elements)
    #expect(try file.tensor("logits").shape == [2, 5, 3])
    #expect(try file.tensor("pred_boxes").shape == [2, 5, 4])
    #expect(try file.tensor("attributes").shape == [2, 5, 2])
    #expect(try file.tensor("encoder_last_hidden_state").shape[2] == 32)
  }

  @Test func forwardReadsTexts() throws {
    #expect(try run("forward", task: "questions").status == 0)
    #expect(try written().tensor("answers").shape == [2, 3])
    #expect(try written().tensor("text_last_hidden_state").shape == [2, 4, 32])
  }

  @Test func gradientsAreThoseOfTheModel() throws {
    let run = try run("gradients", task: "shapes")
    #expect(run.status == 0, "\(run.errors)")
    let loaded = try ModelDirectory.load(model.path)
    let task = try loaded.configuration.task(named: "shapes")
    let targets = Targets.objects([
      ObjectTargets(
        labels: [1, 0],
        boxes: [
          .init(centerX: 0.5, centerY: 0.5, width: 0.2, height: 0.4),
          .init(centerX: 0.3, centerY: 0.7, width: 0.1, height: 0.1),
        ], attributes: [[1], []]),
      ObjectTargets(labels: [], boxes: []),
    ])
    // The program's instruction set is the one that no test has changed.
    let (loss, gradients) = try atOneKernelLevel {
      try withGradients {
        try loaded.loss(images: images, texts: nil, targets: targets, task: task).total
      }
    }
    let file = try written()
    #expect(try file.tensor("loss").scalar == loss.scalar)
    #expect(file["loss_giou_0"] != nil)
    var compared = 0
    for parameter in loaded.parameters {
      guard let gradient = gradients[parameter] else { continue }
      #expect(try file.tensor(parameter.name).elements == gradient.elements)
      compared += 1
    }
    #expect(compared > 50)
  }

  @Test func gradientsOfAnswersAndClasses() throws {
    #expect(try run("gradients", task: "questions").status == 0)
    try writeInputs { $0[9].tensor = Tensor([2, 0]) }
    #expect(try run("gradients", task: "statements").status == 0)
    #expect(try written().tensor("loss").scalar > 0)
  }

  @Test func inputsThatDoNotFit() throws {
    let changes: [(String, (inout [(name: String, tensor: Tensor)]) -> Void)] = [
      ("pixel_values", { $0.remove(at: 0) }),
      ("pixel_values", { $0[0].tensor = Tensor.zeros([2, 1, 8, 8]) }),
      ("pixel_mask", { $0[1].tensor = Tensor.zeros([2, 8, 8]) }),
      ("input_ids", { $0[2].tensor = Tensor([2, 5, 99, 3, 2, 7, 3, 0], shape: [2, 4]) }),
      ("input_ids", { $0[2].tensor = Tensor([2, 5, 0.5, 3, 2, 7, 3, 0], shape: [2, 4]) }),
      ("input_ids", { $0[2].tensor = Tensor.zeros([2, 400]) }),
      (
        "input_ids",
        {
          $0[2].tensor = Tensor.zeros([3, 4]); $0.remove(at: 3)
        }
      ),
      ("attention_mask", { $0[3].tensor = Tensor.zeros([2, 3]) }),
      ("answers", { $0[9].tensor = Tensor.zeros([2, 2]) }),
    ]
    for (entry, change) in changes {
      try writeInputs(change)
      expectFailure(try run("gradients", task: "questions"), 65, saying: "in.safetensors", entry)
    }
    for (entry, place, tensor) in [
      ("labels.0", 4, Tensor([1, 2])), ("boxes.0", 6, Tensor.zeros([3, 4])),
      ("attributes.0", 8, Tensor([5, 0], shape: [2, 1])),
    ] {
      try writeInputs { $0[place].tensor = tensor }
      expectFailure(try run("gradients", task: "shapes"), 65, saying: "in.safetensors", entry)
    }
  }

  @Test func preprocessingIsThatOfTheModel() throws {
    let picture = try folder.file("a.png", PictureSamples.png)
    let run = try unit(
      "debug", "preprocess", picture, "--model", model.path, "--outputs", outputs)
    #expect(run.status == 0, "\(run.errors)")
    let loaded = try ModelDirectory.load(model.path)
    let batch = try loaded.batch([PictureSamples.gradient()])
    #expect(try written().tensor("pixel_values").elements == batch.pixels.elements)
    #expect(try written().tensor("pixel_mask").shape == [1, 64, 64])
  }

  @Test func preprocessingNeedsNoModel() throws {
    let image = Image(
      width: 2400, height: 1800,
      pixels: (0..<3 * 2400 * 1800).map {
        UInt8(truncatingIfNeeded: $0 / 3 % 2400 / 10)
      })
    let picture = try folder.file("a.jpg", encodeJPEG(image))
    func seen(_ more: String...) throws -> [Float] {
      let all = ["debug", "preprocess", picture, "--short", "90", "--outputs", outputs] + more
      let run = try unit(raw: all.map { Array($0.utf8) })
      #expect(run.status == 0, "\(run.errors)")
      #expect(try written().tensor("pixel_values").shape == [1, 3, 90, 120])
      return try written().tensor("pixel_values").elements
    }
    let rule = Preprocessing(
      resize: .shortestSide(short: 90, longestMaximum: 1333, rounding: .huggingFace))
    let whole = try Image(contentsOf: picture)
    #expect(try seen() == rule(whole).elements)
    let small = try Image(contentsOf: picture, scale: rule.decoding)
    #expect(try seen("--reduced") == rule(small).elements)
    #expect(rule(small).elements != rule(whole).elements)
    expectFailure(
      try unit(
        "debug", "preprocess", picture, "--short", "90", "--model", model.path, "--outputs",
        outputs), 64, saying: "--short", "--model")
  }
}
