import Synchronization
import Tensors

/// Accuracy of answers that several people were asked for, as in VQA.
///
/// An answer counts as fully right when three people gave it. To be fair to people, each person in
/// turn is left out and the mean is taken:
/// `accuracy = mean over annotators of min(1, matches among the others / 3)`.
public enum AnswerAccuracy: String, Sendable, CaseIterable {
  /// The VQA challenge's: all answers are normalised, unless the people agree to the letter.
  case official
  /// LAVIS's: the prediction is always normalised; the people's answers lose their punctuation,
  /// unless they agree to the letter.
  case lavis
  /// MMF's: all answers are always normalised; fewer than ten are repeated in turn up to ten.
  case mmf
  /// The answer is letter by letter the one most people gave, the first of these if several.
  case exact

  /// How right an answer is, in `0...1`.
  ///
  /// - Parameters:
  ///   - prediction: the model's answer.
  ///   - answers: what people answered, ten in VQA; at least one.
  public func callAsFunction(_ prediction: String, answers: [String]) -> Double {
    precondition(!answers.isEmpty, "an answer cannot be compared with none")
    typealias Rule = AnswerNormalisation
    switch self {
    case .official:
      let trimmed = answers.map(Rule.trimmed)
      guard Self.differ(trimmed) else {
        return Self.score(Rule.trimmed(prediction), among: trimmed)
      }
      return Self.score(Rule.official(prediction), among: trimmed.map(Rule.official))
    case .lavis:
      let cleaned = Self.differ(answers) ? answers.map(Rule.withoutPunctuation) : answers
      return Self.score(Rule.official(prediction), among: cleaned)
    case .mmf:
      let ten = (0..<max(10, answers.count)).map { answers[$0 % answers.count] }
      return Self.score(Rule.mmf(prediction), among: ten.map(Rule.mmf))
    case .exact:
      return Self.matches(prediction, Self.mostFrequent(answers)) ? 1 : 0
    }
  }

  /// How right many answers are, in their order; worked off on several threads.
  public func accuracies(_ questions: [(prediction: String, answers: [String])]) -> [Double] {
    let grain = 1024
    let pieces = Mutex<[Int: [Double]]>([:])
    Parallel.forEachRange(questions.count, grain: grain) { range in
      let found = questions[range].map { self($0.prediction, answers: $0.answers) }
      pieces.withLock { $0[range.lowerBound] = found }
    }
    let found = pieces.withLock { $0 }
    return stride(from: 0, to: questions.count, by: grain).flatMap { found[$0] ?? [] }
  }

  /// How right each different answer of a question is: the soft targets of training.
  ///
  /// MMF's treatment: normalised answers, ten of them, in the order of their first occurrence.
  public static func softTargets(_ answers: [String]) -> [(answer: String, score: Double)] {
    guard !answers.isEmpty else { return [] }
    let ten = (0..<max(10, answers.count)).map {
      AnswerNormalisation.mmf(answers[$0 % answers.count])
    }
    var result: [(answer: String, score: Double)] = []
    for answer in ten where !result.contains(where: { matches($0.answer, answer) }) {
      result.append((answer, score(answer, among: ten)))
    }
    return result
  }

  /// The answer most people gave; the first to occur if several.
  static func mostFrequent(_ answers: [String]) -> String {
    var best = (answer: answers[0], count: 0)
    for answer in answers {
      let count = answers.count { matches($0, answer) }
      if count > best.count { best = (answer, count) }
    }
    return best.answer
  }

  private static func score(_ prediction: String, among answers: [String]) -> Double {
    let matching = answers.count { matches($0, prediction) }
    let total = answers.indices.reduce(into: 0.0) { sum, left in
      let others = matches(answers[left], prediction) ? matching - 1 : matching
      sum += min(1, Double(others) / 3)
    }
    return total / Double(answers.count)
  }

  private static func differ(_ answers: [String]) -> Bool {
    answers.contains { !matches($0, answers[0]) }
  }

  /// Whether two texts have the same scalars; Swift's own comparison also equates compositions.
  private static func matches(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
}

/// The accuracy of many answers, as a whole and by kinds of questions.
public struct AnswerScores: Sendable {
  private var sums: [String: [String: (sum: Double, count: Int)]] = [:]
  private var total: (sum: Double, count: Int) = (0, 0)

  /// No answers yet.
  public init() {}

  /// Adds the accuracy of one answer.
  ///
  /// - Parameters:
  ///   - accuracy: how right it is, in `0...1`.
  ///   - kinds: what sort of question it answers by some aspects, such as
  ///     `["answer_type": "yes/no"]`.
  public mutating func add(_ accuracy: Double, kinds: [String: String] = [:]) {
    total = (total.sum + accuracy, total.count + 1)
    for (aspect, kind) in kinds {
      let old = sums[aspect, default: [:]][kind] ?? (0, 0)
      sums[aspect, default: [:]][kind] = (old.sum + accuracy, old.count + 1)
    }
  }

  /// Number of answers.
  public var count: Int { total.count }

  /// Mean accuracy, NaN without answers.
  public var overall: Double { total.sum / Double(total.count) }

  /// Mean accuracy and number of answers of each kind by one aspect, in the order of the names.
  public func byKind(_ aspect: String) -> [(kind: String, accuracy: Double, count: Int)] {
    (sums[aspect] ?? [:]).sorted { $0.key < $1.key }.map { kind, score in
      (kind: kind, accuracy: score.sum / Double(score.count), count: score.count)
    }
  }
}
