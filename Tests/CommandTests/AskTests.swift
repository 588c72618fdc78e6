import Foundation
import Testing

/// The commands that answer in words: ask, entail, read.
struct AskTests {
  private let model: TinyModel
  private let folder: TemporaryFolder
  private let picture: String

  init() throws {
    model = try TinyModel()
    folder = try TemporaryFolder()
    picture = try folder.file("a.png", PictureSamples.png)
  }

  private func run(_ arguments: String...) throws -> Execution {
    try unit(raw: (arguments + ["--model", model.path]).map { Array($0.utf8) })
  }

  @Test func jsonHasTheFieldsOfTheContractInTheirOrder() throws {
    let run = try run("ask", picture, "what shape is it?", "is it red?", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let answer = #"\{"answer":"[a-z]+","score":[0-9.e-]+\}"#
    let list = #""answers":\[\#(answer),\#(answer),\#(answer)\]\}"#
    let pattern =
      #"^\{"schema":1,"file":".*a\.png","answers":\[\{"question":"what shape is it\?",\#(list),"#
      + #"\{"question":"is it red\?",\#(list)\]\}\n$"#
    #expect(try run.text.firstMatch(of: Regex(pattern)) != nil, "\(run.text)")
  }

  @Test func answersComeBestFirstAndNoMoreThanAsked() throws {
    let run = try run("ask", picture, "what shape is it?", "--format", "hf", "--top", "2")
    let answers = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output)) as? [[String: Any]])
    #expect(answers.count == 2)
    let scores = answers.compactMap { $0["score"] as? Double }
    #expect(scores.count == 2 && scores[0] >= scores[1])
    #expect(run.text.hasPrefix(#"[{"score":"#))
  }

  @Test func textListsAnswers() throws {
    let run = try run("ask", picture, "what shape is it?")
    #expect(run.status == 0)
    #expect(run.text.split(separator: "\n").count == 3)
  }

  @Test func badQuestions() throws {
    expectFailure(try run("ask", picture, ""), 64, saying: "question is empty")
    expectFailure(try run("ask", picture, " \t "), 64, saying: "question is empty")
    let long = String(repeating: "why ", count: 2500)
    expectFailure(try run("ask", picture, long), 64, saying: "10000 characters", "2000")
    let latin = try unit(
      raw: ["ask", picture].map { Array($0.utf8) } + [[0x71, 0xE9, 0x3F]])
    expectFailure(latin, 64, saying: "argument 3 is not UTF-8")
    expectFailure(try run("ask", picture), 64, saying: "questions")
    expectFailure(try run("ask", picture, "why?", "--top", "0"), 64, saying: "--top")
  }

  @Test func aLongQuestionIsCutWithANote() throws {
    let run = try run("ask", picture, String(repeating: "what ", count: 30))
    #expect(run.status == 0)
    #expect(run.errors.contains("reads the first 12"))
  }

  @Test func anEmptyPictureIsBadData() throws {
    let empty = try folder.file("empty.jpg", [])
    expectFailure(try run("ask", empty, "why?"), 65, saying: "empty.jpg")
  }

  @Test func statementsAreJudged() throws {
    let run = try run("entail", picture, "it is red", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.text.contains(#""task":"statements","hypothesis":"it is red","answers":[{"answer":"#))
  }

  @Test func textsAreRead() throws {
    let run = try run("read", "it is it", "--task", "mood", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.hasPrefix(#"{"schema":1,"task":"mood","text":"it is it","second":null,"#))
    #expect(try self.run("read", "it", "is it", "--task", "mood").status == 0)
    expectFailure(try self.run("read", "", "--task", "mood"), 64, saying: "text is empty")
  }

  @Test func tasksOfAnotherKindAreRefused() throws {
    expectFailure(
      try run("ask", picture, "why?", "--task", "question"), 64, saying: "Did you mean 'questions'?"
    )
    expectFailure(try run("ask", picture, "why?", "--task", "shapes"), 64, saying: "'shapes'")
    expectFailure(try run("detect", picture, "--task", "mood"), 64, saying: "use shapes")
    expectFailure(try run("read", "why", "--task", "questions"), 64, saying: "use mood")
  }

  @Test func tokensArePrinted() throws {
    let run = try run("debug", "tokenize", "What is it?", "is")
    #expect(
      run.text == #"{"input_ids":[2,5,7,8,9,3,7,3],"token_type_ids":[0,0,0,0,0,0,1,1],"#
        + #""attention_mask":[1,1,1,1,1,1,1,1],"tokens":["[CLS]","what","is","it","?","[SEP]","#
        + #""is","[SEP]"]}"# + "\n")
  }
}
