import Foundation
import Metrics
import Support
import Testing

/// The expected values of make_answers.py.
struct ExpectedAnswers: Decodable {
  struct Case: Decodable {
    let prediction: String
    let answers: [String]
    let accuracies: [AnswerAccuracy: Double]

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      prediction = try values.decode(String.self)
      answers = try values.decode([String].self)
      accuracies = [
        .official: try values.decode(Double.self), .lavis: try values.decode(Double.self),
        .mmf: try values.decode(Double.self),
      ]
    }
  }
  struct Classes: Decodable {
    let classes: Int
    let truth: [Int]
    let found: [Int]
    let accuracy: Double
    let precision: [Double]
    let recall: [Double]
    let f1: [Double]
    let macro: Double
  }
  let normalised: [[String]]
  let cases: [Case]
  let classes: [Classes]

  static func load() throws -> ExpectedAnswers {
    let url = URL(fileURLWithPath: Golden.path("Metrics/answers.json"))
    return try JSONDecoder().decode(ExpectedAnswers.self, from: Data(contentsOf: url))
  }
}

@Suite struct AnswerAccuracyTests {
  @Test func normalisedTextsEqualTheOriginals() throws {
    for texts in try ExpectedAnswers.load().normalised {
      let official = AnswerNormalisation.official(texts[0])
      #expect(official.utf8.elementsEqual(texts[1].utf8), "\(texts[0]): \(official)")
      let mmf = AnswerNormalisation.mmf(texts[0])
      #expect(mmf.utf8.elementsEqual(texts[2].utf8), "\(texts[0]): \(mmf)")
    }
  }

  @Test func accuraciesEqualTheOriginals() throws {
    let cases = try ExpectedAnswers.load().cases
    #expect(cases.count == 300)
    for expected in cases {
      for (metric, accuracy) in expected.accuracies where accuracy >= 0 {
        let found = metric(expected.prediction, answers: expected.answers)
        #expect(
          abs(found - accuracy) < 1e-9,
          "\(metric) of \(expected.prediction) among \(expected.answers)")
      }
    }
  }

  /// The expected values of make_vqa.py.
  private struct ExpectedMeans: Decodable {
    struct Question: Decodable {
      let kinds: [String: String]
      let prediction: String
      let answers: [String]
      let accuracies: [AnswerAccuracy: Double]

      init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        kinds = [
          "question_type": try values.decode(String.self),
          "answer_type": try values.decode(String.self),
        ]
        prediction = try values.decode(String.self)
        answers = try values.decode([String].self)
        accuracies = [
          .official: try values.decode(Double.self), .lavis: try values.decode(Double.self),
          .mmf: try values.decode(Double.self),
        ]
      }
    }
    let questions: [Question]
    let means: [String: [String: Double]]
  }

  @Test(arguments: [AnswerAccuracy.official, .lavis, .mmf])
  func accuraciesByTypeEqualAnIndependentImplementation(metric: AnswerAccuracy) throws {
    let url = URL(fileURLWithPath: Golden.path("Metrics/vqa.json"))
    let expected = try JSONDecoder().decode(ExpectedMeans.self, from: Data(contentsOf: url))
    #expect(expected.questions.count == 400)
    let found = metric.accuracies(expected.questions.map { ($0.prediction, $0.answers) })
    var scores = AnswerScores()
    for (question, accuracy) in zip(expected.questions, found) {
      #expect(
        abs(accuracy - question.accuracies[metric]!) < 1e-9,
        "\(question.prediction) among \(question.answers)")
      scores.add(accuracy, kinds: question.kinds)
    }
    let means = try #require(expected.means[metric.rawValue])
    let groups = scores.byKind("question_type") + scores.byKind("answer_type")
    #expect(groups.count + 1 == means.count && abs(100 * scores.overall - means[""]!) < 1e-9)
    for group in groups { #expect(abs(100 * group.accuracy - means[group.kind]!) < 1e-9) }
  }

  @Test func manyAnswersKeepTheirOrder() {
    let questions = (0..<5000).map { number in
      (prediction: "\(number)", answers: ["\(number % 3 == 0 ? number : -1)", "x", "y"])
    }
    let found = AnswerAccuracy.official.accuracies(questions)
    #expect(found == questions.map { AnswerAccuracy.official($0.prediction, answers: $0.answers) })
    #expect(found[3] > 0 && found[4] == 0 && AnswerAccuracy.lavis.accuracies([]).isEmpty)
  }

  @Test func threeOfTenPeopleAreNearlyEnough() {
    let answers = [String](repeating: "red", count: 3) + (0..<7).map { "other \($0)" }
    #expect(abs(AnswerAccuracy.official("red", answers: answers) - 0.9) < 1e-12)
    #expect(AnswerAccuracy.official("blue", answers: answers) == 0)
    #expect(AnswerAccuracy.exact("red", answers: answers) == 1)
    #expect(AnswerAccuracy.exact("Red", answers: answers) == 0)
    #expect(AnswerAccuracy.exact("b", answers: ["a", "b", "b", "a"]) == 0)
  }

  @Test func softTargetsAreTheAccuraciesOfTheAnswers() {
    let targets = AnswerAccuracy.softTargets(["Yes", "no.", "yes", "yes", "maybe"])
    #expect(targets.map(\.answer) == ["yes", "no", "maybe"])
    #expect(targets[0].score == 1)
    #expect(abs(targets[1].score - 0.6) < 1e-12)
    #expect(AnswerAccuracy.softTargets([]).isEmpty)
  }

  @Test func scoresAreKeptByKind() {
    var scores = AnswerScores()
    scores.add(1, kinds: ["answer_type": "yes/no"])
    scores.add(0, kinds: ["answer_type": "number"])
    scores.add(0.5, kinds: ["answer_type": "number"])
    #expect(scores.count == 3 && scores.overall == 0.5)
    let kinds = scores.byKind("answer_type")
    #expect(kinds.map(\.kind) == ["number", "yes/no"])
    #expect(kinds.map(\.accuracy) == [0.25, 1] && kinds.map(\.count) == [2, 1])
    #expect(scores.byKind("unknown").isEmpty)
    #expect(AnswerScores().overall.isNaN)
  }
}
