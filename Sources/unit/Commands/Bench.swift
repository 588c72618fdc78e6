import ArgumentParser
import Foundation
import Heads
import Inputs
import Layers
import Models
import Tensors

/// Measures how long answers take.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the latency of answers and the peak memory.",
    discussion: """
      Examples:
        unit bench
        unit bench --model path/to/model --task vqa --size 480x640 --threads 2
        unit bench --backbone 50 --size 480x640

      Without --size a picture of 640 x 480 pixels goes through the model's own preprocessing; with \
      it the network gets pixels of exactly that height and width. --backbone measures a ResNet \
      with random weights alone.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "Height and width of the network's input, such as 480x640.", transform: Size.init)
  var size: Size?

  @Option(help: "Measure a ResNet of 18, 34, 50, 101 or 152 layers instead of a model.")
  var backbone: Int?

  @Option(help: "Number of measured runs.")
  var runs = 20

  @Option(help: "Number of runs before the measured ones.")
  var warmUp = 3

  @Option(help: "text or json.", transform: ReportFormat.named)
  var format = ReportFormat.text

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if runs < 1 { throw ValidationError("--runs must be at least 1, not \(runs)") }
    if warmUp < 0 { throw ValidationError("--warm-up must not be negative, but is \(warmUp)") }
    if let backbone, ![18, 34, 50, 101, 152].contains(backbone) {
      throw ValidationError("--backbone must be 18, 34, 50, 101 or 152, not \(backbone)")
    }
  }

  func run() throws {
    common.apply()
    let clock = ContinuousClock()
    var subject = ""
    var body: (inout StageTimes) throws -> Void = { _ in }
    let loading = try clock.measure {
      (subject, body) = try backbone.map(backboneRun) ?? modelRun()
    }
    var ignored = StageTimes()
    for _ in 0..<warmUp { try body(&ignored) }
    var stages = StageTimes()
    let times = try (0..<runs).map { run in
      common.notes.progress("run \(run + 1) of \(runs)")
      return try clock.measure { try body(&stages) }.milliseconds
    }
    common.notes.endProgress()
    let report = BenchReport(
      subject: subject, threads: Parallel.threads, loading: loading.milliseconds,
      times: times.sorted(), stages: stages.medians)
    switch format {
    case .text: try StandardOutput.write(report.text)
    case .json: try StandardOutput.write(report.json.text + "\n")
    }
  }

  private func backboneRun(layers: Int) throws -> (String, (inout StageTimes) -> Void) {
    guard let configuration = ResNetConfiguration.standard(layers: layers, dilatesLastStage: false)
    else { preconditionFailure("validate() checks the number of layers") }
    let network = try ResNet(configuration, in: ParameterSource(seed: common.seed ?? 0).root)
    let size = size ?? Size(height: 480, width: 640)
    let pixels = size.pixels(seed: common.seed ?? 0)
    return (
      "ResNet-\(layers), \(size.height) x \(size.width)",
      { stages in _ = stages.measure("backbone") { network(pixels) } }
    )
  }

  private func modelRun() throws -> (String, (inout StageTimes) throws -> Void) {
    let folder = try modelOptions.folder
    let model = try modelOptions.openTrainable(common.notes)
    let task = try model.configuration.task(
      named: modelOptions.task ?? model.configuration.tasks[0].name)
    let seesPictures = task.inputs.contains(.image)
    let readsText = task.inputs.contains(.text)
    let picture = Size(height: 480, width: 640)
    let given = size.map { size in
      ImageBatch(
        pixels: size.pixels(seed: common.seed ?? 0),
        mask: [Bool](repeating: true, count: size.height * size.width))
    }
    let original = Image(width: picture.width, height: picture.height, filledWith: (90, 120, 150))
    let request = AnswerRequest(
      sizes: seesPictures ? [(picture.width, picture.height)] : [], attributes: true)
    let seen = seesPictures ? ", \((size ?? picture).height) x \((size ?? picture).width)" : ""
    return (
      "\(folder), task \(task.name)\(seen)",
      { stages in
        let (images, texts) = try stages.measure("preprocessing") {
          (
            seesPictures ? try given ?? model.batch([original], task: task) : nil,
            readsText
              ? model.tokens([("what is to be seen in this picture?", nil)], task: task) : nil
          )
        }
        let states = stages.states(of: model, images: images, texts: texts, task: task)
        _ = stages.measure("head") { model.heads[task.name]?.answers(states, request: request) }
      }
    )
  }
}

extension Bench {
  /// Height and width of a network's input.
  struct Size: Equatable {
    let height: Int
    let width: Int

    init(height: Int, width: Int) {
      self.height = height
      self.width = width
    }

    /// Reads `480x640`.
    ///
    /// - Throws: `ValidationError` for anything else, or beyond 8192 pixels.
    init(_ text: String) throws {
      let numbers = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        .map { Int($0) ?? 0 }
      guard numbers.count == 2, numbers.allSatisfy({ (32...8192).contains($0) }) else {
        throw ValidationError("expected HEIGHTxWIDTH of 32 to 8192 pixels each, such as 480x640")
      }
      self.init(height: numbers[0], width: numbers[1])
    }

    /// Random pixels `[1, 3, height, width]`.
    func pixels(seed: UInt64) -> Tensor {
      let key = RandomKey(seed: seed).folding("bench")
      return Tensor(
        (0..<3 * height * width).map { key.uniform(at: UInt64($0)) }, shape: [1, 3, height, width])
    }
  }
}

extension Duration {
  /// The time in thousandths of a second.
  var milliseconds: Double {
    let parts = components
    return Double(parts.seconds) * 1e3 + Double(parts.attoseconds) * 1e-15
  }
}
