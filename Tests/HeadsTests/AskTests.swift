import Heads
import Inputs
import Models
import Support
import Testing

/// Many questions about one picture, which are answered in groups.
@Suite struct AskTests {
  private static let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "is", "it", "red", "?"]

  private func model(_ task: TaskSpec) throws -> MultitaskModel {
    try MultitaskModel(
      .tiny(tasks: [task], vocabulary: Self.words.count),
      wordPiece: WordPiece(vocabulary: try Vocabulary(tokens: Self.words)), seed: 5)
  }

  @Test(arguments: ["answer", "classification"], [true, false])
  func aQuestionGetsTheSameAnswerAloneAndAmongOthers(head: String, keepsOnlyCLS: Bool) throws {
    let task = TaskSpec(
      name: "asked", head: head, group: "vl", index: 1, queries: 5, inputs: [.image, .text],
      labels: ["yes", "no", "perhaps"], keepsOnlyCLS: keepsOnlyCLS, maximumTokens: 12)
    let model = try model(task)
    let image = Image(width: 90, height: 70, filledWith: (red: 200, green: 30, blue: 90))
    // More than two groups, in no order of their lengths; the longest are cut.
    let questions = (0..<37).map { (number: Int) -> String in
      let length = 1 + number * 7 % 16
      let words = (0..<length).map { Self.words[5 + (number + $0) % 4] }
      return words.joined(separator: " ")
    }
    try atOneKernelLevel {
      let together = try model.ask(image, questions, task: task)
      #expect(together.count == questions.count)
      for (question, answers) in zip(questions, together) {
        #expect(try model.ask(image, [question], task: task) == [answers])
      }
      #expect(Set(together.map { $0[0].score }).count > 10)
    }
    #expect(try model.ask(image, [], task: task).isEmpty)
  }
}
