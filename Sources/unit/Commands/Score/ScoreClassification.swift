import Annotations
import ArgumentParser
import Metrics

/// Accuracy and F1 of labels.
struct ScoreClassification: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classification",
    abstract: "Accuracy, F1, Matthews correlation and confusions of labels.",
    discussion: """
      Examples:
        unit score classification --truth QQP/dev.tsv --predictions QQP.tsv
        unit score classification --truth dev.jsonl --predictions found.csv --metric macro-f1

      Both files are JSON, JSON lines, CSV or TSV with a column such as label, gold_label or \
      prediction; examples are joined by a column such as index, id or pairID where both files \
      have the same ids, else line by line. With two classes F1 is that of the class 1, as GLUE \
      has it, or of --positive.
      """)

  @OptionGroup var options: ScoreOptions

  @Option(help: "\(ClassificationMetric.list).", transform: ClassificationMetric.named)
  var metric = ClassificationMetric.all

  @Option(help: "Column or key of the right labels; a number from 1 where there is no header.")
  var truthColumn: String?

  @Option(help: "Column or key of the predictions; a number from 1 where there is no header.")
  var predictionColumn: String?

  @Option(help: "The class whose F1 is wanted; with two classes 1 if left out.")
  var positive: String?

  func run() throws {
    try options.begin()
    let pairs = try LabelPairs(
      truth: LabelTable(path: options.truth, role: .truth, column: truthColumn),
      predictions: LabelTable(
        path: options.predictions, role: .predictions, column: predictionColumn),
      file: options.predictions)
    if pairs.undecided > 0 {
      options.common.notes.note(
        "note: \(pairs.undecided) examples without an agreed label are left out")
    }
    options.common.notes.detail("examples joined \(pairs.areJoinedByID ? "by id" : "line by line")")
    let classes = pairs.classes
    guard classes.count <= 10_000 else {
      throw Failure(
        .badData,
        "\(options.predictions): expected labels of 10,000 classes at most, found "
          + "\(classes.count) different ones",
        advice: "name the columns of the labels with --truth-column and --prediction-column")
    }
    let positions = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let report = ClassificationScoreReport(
      classes: classes, positive: try positiveClass(among: classes),
      matrix: ConfusionMatrix(
        truth: pairs.truth.map { positions[$0]! },
        predictions: pairs.predictions.map { positions[$0]! }, classes: classes.count),
      metric: metric)
    try options.write(text: report.text, json: report.json)
  }

  /// The class whose F1 is reported, if there is one.
  private func positiveClass(among classes: [String]) throws -> Int? {
    guard let positive else {
      if metric == .f1 && classes.contains(where: { !["0", "1"].contains($0) }) {
        throw Failure(
          .usage, "--metric f1: the labels are not 0 and 1; which class is meant?",
          advice: "name it with --positive, or take --metric macro-f1")
      }
      return classes.count <= 2 && classes.allSatisfy({ ["0", "1"].contains($0) })
        ? classes.firstIndex(of: "1") : nil
    }
    guard let position = classes.firstIndex(of: positive) else {
      throw Failure(
        .usage,
        "--positive: no example has the label '\(positive.shortened())'"
          + didYouMean(positive, among: classes),
        advice: "the labels are \(classes.prefix(12).joined(separator: ", "))")
    }
    return position
  }
}

/// The metrics of labels.
enum ClassificationMetric: String, NamedChoice {
  /// Every one of them, and the confusions.
  case all
  /// Share of right labels.
  case accuracy
  /// F1 of the positive class.
  case f1
  /// Mean F1 of the classes.
  case macroF1 = "macro-f1"
  /// Matthews correlation.
  case matthews
}
