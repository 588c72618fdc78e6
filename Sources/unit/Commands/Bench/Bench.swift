import ArgumentParser
import Foundation
import Heads
import Inputs
import Models
import Tensors

/// Measures how long answers take.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the latency of answers by stages, their arithmetic and the peak memory.",
    discussion: """
      Examples:
        unit bench
        unit bench --model path/to/model --image street.jpg --questions 4
        unit bench --model path/to/model --task vqa --size 480x640 --tokens 20 --threads 2
        unit bench --network detr --size 800x1066
        unit bench --backbone 50 --size 480x640
        unit bench --training detr --size 480x640

      Without --size, --tokens and --batch whole answers are measured, from the bytes of a picture \
      file to what is told the user; with one of them the network alone, on ready inputs of \
      exactly that size. --network measures a published network with random weights, --backbone a \
      ResNet alone, --training a step of training: forward, backward and AdamW.

      Operations are counted from the shapes, two for each multiply-add, as a direct computation \
      would need them; they are compared with what the processor does when it does nothing but \
      multiply-adds between registers.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @OptionGroup var inputs: BenchInputs

  @Option(help: "Measure a ResNet of 18, 34, 50, 101 or 152 layers instead of a model.")
  var backbone: Int?

  @Option(
    help: """
      Measure a published network with random weights instead of a model: \
      \(FreshNetwork.allCases.map(\.rawValue).joined(separator: ", ")).
      """)
  var network: FreshNetwork?

  @Option(
    help: """
      Measure training steps of a network with random weights: detr (ResNet-50) or bert (base).
      """)
  var training: TrainingSubject?

  // From a picture file to the input of a DETR that sees its shorter side in this many pixels; for
  // races against other programs' preprocessing.
  @Option(help: .hidden)
  var preprocessing: Int?

  @Option(help: "Number of measured runs.")
  var runs = 20

  @Option(help: "Number of runs before the measured ones; the first two are slower.")
  var warmUp = 3

  @Option(help: "text or json.", transform: ReportFormat.named)
  var format = ReportFormat.text

  @Flag(help: "Measure products by OpenBLAS between the runs, and tell the ratio to them.")
  var againstBlas = false

  @Flag(help: .hidden)
  var worker = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if runs < 1 { throw ValidationError("--runs must be at least 1, not \(runs)") }
    let subjects = [
      modelOptions.model, network?.rawValue, backbone.map(String.init), training?.rawValue,
      preprocessing.map(String.init),
    ]
    if subjects.compactMap({ $0 }).count > 1 {
      throw ValidationError(
        "--model, --network, --backbone and --training each name what is measured: keep one")
    }
    if let preprocessing {
      _ = try Preprocessing.detr(shortestSide: preprocessing)
      if inputs.areReady {
        throw ValidationError("--preprocessing begins with a file: leave --size and --batch out")
      }
    }
    if warmUp < 0 { throw ValidationError("--warm-up must not be negative, but is \(warmUp)") }
    if let backbone, ![18, 34, 50, 101, 152].contains(backbone) {
      throw ValidationError("--backbone must be 18, 34, 50, 101 or 152, not \(backbone)")
    }
  }

  func run() throws {
    common.apply()
    var opened: BenchSubject?
    let loading = try ContinuousClock().measure { opened = try subject() }
    guard let subject = opened else { return }
    if worker { return try BenchWorker.serve(subject.run) }
    for _ in 0..<warmUp { try subject.run() }
    var stages = StageTimes()
    var reference = againstBlas ? ReferenceProduct() : nil
    reference?.measure()
    for run in 0..<runs {
      common.notes.progress("run \(run + 1) of \(runs)")
      try stages.measure(subject.run)
      reference?.measure()
    }
    common.notes.endProgress()
    let peakMemory = BenchReport.peakMemory
    let report = BenchReport(
      subject: subject.name, threads: Parallel.threads, loading: loading.milliseconds,
      times: stages.sorted, stages: stages.entries, operations: stages.operations,
      peakMemory: peakMemory, peak: PeakMeasurement.gigaflops(precision),
      toReference: reference.map { stages.leastWork / $0.least })
    switch format {
    case .text: try StandardOutput.write(report.text)
    case .json: try StandardOutput.write(report.json.text + "\n")
    }
  }

  private var precision: Precision { modelOptions.dtype ?? .f32 }

  private func subject() throws -> BenchSubject {
    let seed = common.seed ?? 0
    if let training { return try training.step(inputs, seed: seed) }
    if let preprocessing { return try BenchSubject(preprocessing: preprocessing, inputs) }
    if let backbone {
      return try BenchSubject(backbone: backbone, inputs, seed: seed, precision: precision)
    }
    let model =
      try network?.model(seed: seed, precision: precision) ?? modelOptions.open(common.notes)
    return try BenchSubject(
      model, task: model.task(named: modelOptions.task ?? model.tasks[0].name),
      name: network?.rawValue ?? modelOptions.folder, inputs, seed: seed)
  }
}
