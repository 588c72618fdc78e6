import Annotations
import ArgumentParser
import Metrics

/// The accuracy of answers to questions about pictures.
struct ScoreVQA: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vqa",
    abstract: "VQA's accuracy of answers that ten people were asked for, too.",
    discussion: """
      Examples:
        unit score vqa --truth v2_mscoco_val2014_annotations.json --predictions answers.json
        unit score vqa --truth annotations.json --predictions answers.json --metric lavis

      The truth is a file of VQAv2's annotations, the predictions are a list of \
      {"question_id", "answer"}. Accuracies are percentages. Metrics: official is the VQA \
      challenge's program, lavis that of LAVIS, mmf that of MMF (they treat punctuation, articles \
      and people's answers differently), exact compares the letters with the commonest answer.
      """)

  @OptionGroup var options: ScoreOptions

  @Option(help: "\(AnswerAccuracy.list).", transform: AnswerAccuracy.named)
  var metric = AnswerAccuracy.official

  @Flag(help: "Score only the questions that have a prediction, instead of asking for all.")
  var subset = false

  func run() throws {
    try options.begin()
    let truth = try VQAAnnotations(path: options.truth).questions
    let answers = try VQAResults(path: options.predictions, questions: Set(truth.map(\.id))).answers
    let answered = truth.filter { answers[$0.id] != nil }
    try check(answered: answered.count, of: truth, missing: { answers[$0.id] == nil })
    let accuracies = metric.accuracies(
      answered.map { (answers[$0.id] ?? "", $0.answers) })
    var scores = AnswerScores()
    for (question, accuracy) in zip(answered, accuracies) {
      scores.add(
        accuracy,
        kinds: ["question_type": question.questionType, "answer_type": question.answerType]
          .filter { !$0.value.isEmpty })
    }
    let report = AnswerScoreReport(metric: metric.rawValue, scores: scores)
    try options.write(text: report.text, json: report.json)
  }

  private func check(
    answered: Int, of truth: [VQAAnnotations.Question],
    missing: (VQAAnnotations.Question) -> Bool
  ) throws {
    guard answered > 0 else {
      throw Failure(.badData, "\(options.predictions): expected answers, found none")
    }
    guard !subset, let first = truth.first(where: missing) else { return }
    throw Failure(
      .badData,
      "\(options.predictions): expected an answer to each of \(truth.count) questions, found "
        + "\(answered); the first without one is \(first.id)",
      advice: "with --subset only the answered questions are scored")
  }
}

extension AnswerAccuracy: NamedChoice {}
