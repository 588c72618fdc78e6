import Annotations
import ArgumentParser
import Foundation
import Metrics

/// COCO's numbers of detections.
struct ScoreDetection: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detection",
    abstract: "COCO's average precision and recall of boxes.",
    discussion: """
      Examples:
        unit score detection --truth instances_val2017.json --predictions found.json
        unit score detection --truth truth.json --predictions found.json --classes --format json

      The truth is a file of COCO's annotations, the predictions are in COCO's results format, as \
      'unit detect --format coco' writes it. The numbers and the twelve lines are those of \
      pycocotools 2.0.11.
      """)

  @OptionGroup var options: ScoreOptions

  @Option(help: "\(DetectionMetric.list).", transform: DetectionMetric.named)
  var metric = DetectionMetric.coco

  @Option(help: "What overlaps: \(OverlapType.list).", transform: OverlapType.named)
  var iouType = OverlapType.bbox

  @Option(
    help: "Three numbers of boxes a picture and category that count, in rising order.",
    transform: BoxLimits.init)
  var maxDets = BoxLimits.coco

  @Option(help: "Only this category, by its name or id; may be given several times.")
  var category: [String] = []

  @Flag(help: "Give the numbers of every category, too.")
  var classes = false

  func run() throws {
    try options.begin()
    let clock = ContinuousClock()
    let start = clock.now
    let truth = try CocoAnnotations(path: options.truth)
    let chosen = try chosenCategories(truth)
    let results = try CocoResults(
      path: options.predictions, pictures: Set(truth.pictures.map(\.id)))
    let read = clock.now
    let matter = DetectionMatter(truth: truth, results: results, categories: chosen)
    matter.warnings.forEach(options.common.notes.note)
    let evaluation = matter.evaluation(limits: maxDets.numbers)
    let done = clock.now
    options.common.notes.detail(
      "\(truth.objects.count) objects and \(results.detections.count) detections read in "
        + "\((start.duration(to: read).milliseconds / 1e3).decimals(3)) s, evaluated in "
        + "\((read.duration(to: done).milliseconds / 1e3).decimals(3)) s, "
        + "peak memory \(BenchReport.peakMemory >> 20) MiB")
    let report = DetectionScoreReport(evaluation, truth: truth, hasClasses: classes)
    try options.write(text: report.text, json: report.json)
  }

  private func chosenCategories(_ truth: CocoAnnotations) throws -> [Int]? {
    guard !category.isEmpty else { return nil }
    return try category.map { name in
      let named = truth.categories.first { $0.name == name }
      if let known = named ?? truth.categories.first(where: { "\($0.id)" == name }) {
        return known.id
      }
      let names = truth.categories.map(\.name)
      throw Failure(
        .usage,
        "\(options.truth) has no category '\(name.shortened())'\(didYouMean(name, among: names))",
        advice: "it has \(names.prefix(12).joined(separator: ", "))\(names.count > 12 ? " …" : "")")
    }
  }
}

/// The metrics of detections.
enum DetectionMetric: String, NamedChoice {
  /// COCO's.
  case coco
}

/// What may overlap.
enum OverlapType: String, NamedChoice {
  /// Upright boxes.
  case bbox
}

/// COCO's `maxDets`.
struct BoxLimits: Equatable {
  /// COCO's own.
  static let coco = BoxLimits(numbers: [1, 10, 100])

  /// Three numbers in rising order.
  let numbers: [Int]

  private init(numbers: [Int]) { self.numbers = numbers }

  /// Reads `1,10,100`.
  ///
  /// - Throws: `ValidationError` for anything else.
  init(_ text: String) throws {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0.trimmingCharacters(in: .whitespaces)) ?? 0
    }
    let isRising = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    guard numbers.count == 3, isRising, numbers[0] > 0, numbers[2] <= 1_000_000 else {
      throw ValidationError(
        "expected three numbers in rising order such as 1,10,100, found '\(text.shortened())'")
    }
    self.init(numbers: numbers)
  }
}
