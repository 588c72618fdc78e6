import Checkpoints
import Foundation
import Heads
import Support
import Tensors
import Testing

/// A ViLT as transformers saves it, through the commands: answers, tensors, layouts.
@Suite struct ViLTTests {
  /// What transformers' visual-question-answering pipeline gave.
  private struct Asked: Decodable {
    let picture: String
    let question: String
    let answers: [String]
    let scores: [Float]
  }

  private struct Answer: Decodable {
    let score: Float
    let answer: String
  }

  private static let everyAnswer = ["--top", "12", "--format", "hf"]

  private func goldens() throws -> [Asked] {
    let data = try Data(contentsOf: URL(fileURLWithPath: Golden.path("ViLT/answers.json")))
    return try JSONDecoder().decode([Asked].self, from: data)
  }

  @Test(arguments: ViLTFolder.Weights.allCases)
  func answersEqualThePipelines(_ weights: ViLTFolder.Weights) throws {
    let model = try ViLTFolder(weights)
    let goldens = try goldens()
    #expect(goldens.count == 3)
    for golden in goldens {
      let run = try model.ask(
        golden.question, picture: Golden.path("ViLT/" + golden.picture),
        options: Self.everyAnswer)
      #expect(run.status == 0, "\(run.errors)")
      let found = try JSONDecoder().decode([Answer].self, from: Data(run.output))
      #expect(found.map(\.answer) == golden.answers, "\(golden.question)")
      expectClose(Tensor(found.map(\.score)), Tensor(golden.scores), absolute: 1e-5)
    }
  }

  @Test func bothFormatsHoldTheSameTensors() throws {
    let first = try parameters(ViLTFolder(.safetensors))
    let second = try parameters(ViLTFolder(.bin))
    #expect(first.map(\.name) == second.map(\.name))
    for (one, other) in zip(first, second) {
      let isSame = one.value.elements == other.value.elements
      #expect(isSame && one.value.shape == other.value.shape, "\(one.name)")
    }
  }

  private func parameters(_ folder: ViLTFolder) throws -> [Parameter] {
    try withExtendedLifetime(folder) { try ModelDirectory.open(folder.path).parameters }
  }

  @Test(arguments: ["square", "wide", "high", "padded"])
  func debugForwardEqualsTheReference(_ name: String) throws {
    let golden = try Golden("ViLT/outputs.safetensors")
    let (model, folder) = (try ViLTFolder(), try TemporaryFolder())
    let (inputs, outputs) = (folder.path("in.safetensors"), folder.path("out.safetensors"))
    try writeSafetensors(
      ["pixel_values", "pixel_mask", "input_ids", "attention_mask", "token_type_ids"].map {
        (name: $0, tensor: golden["\(name).\($0)"])
      }, to: inputs)
    let run = try withExtendedLifetime((model, folder)) {
      try unit(
        "debug", "forward", "--model", model.path, "--inputs", inputs, "--outputs", outputs)
    }
    #expect(run.status == 0, "\(run.errors)")
    let written = try SafetensorsFile(contentsOf: outputs)
    #expect(
      Set(written.entries.map(\.name)) == ["last_hidden_state", "pooler_output", "logits"])
    for output in golden.names(under: "\(name).") where written[output] != nil {
      expectClose(try written.tensor(output), golden["\(name).\(output)"], absolute: 1e-5)
    }
  }

  @Test func manyQuestionsAreAnsweredLikeEachAlone() throws {
    let model = try ViLTFolder()
    let questions = ["What colour is the circle?", "Where?", "is it a big red square or not ?"]
    let alone = try questions.map { try model.ask($0, options: ["--format", "hf"]).text }
    let together = try model.ask(
      questions[0], questions[1], questions[2], options: ["--format", "hf"])
    let lists = alone.map { $0.trimmingCharacters(in: .newlines) }.joined(separator: ",")
    #expect(together.text == "[\(lists)]\n")
  }

  @Test func aLongQuestionIsCutWithANote() throws {
    let model = try ViLTFolder()
    let start = "what what what what what what what what what what what what what what"
    let long = try model.ask(start + " is red?", options: Self.everyAnswer)
    #expect(long.status == 0)
    #expect(long.errors.contains("has 19 word pieces"), "\(long.errors)")
    #expect(long.errors.contains("reads the first 16"))
    let short = try model.ask(start, options: Self.everyAnswer)
    #expect(short.errors == "")
    #expect(long.text == short.text)
  }

  @Test func answersWithoutNamesAreCalledAsTransformersDoes() throws {
    let model = try ViLTFolder()
    try model.replace("id2label", with: "names", in: "config.json")
    let run = try model.ask("What colour is the circle?", options: ["--top", "2"])
    #expect(run.text.hasPrefix("LABEL_6  0.840\nLABEL_8  0.732\n"), "\(run.text)\(run.errors)")
  }

  @Test func layoutsRoundTrip() throws {
    let source = try ViLTFolder(.bin)
    let folder = try TemporaryFolder()
    let (own, back) = (folder.path("own"), folder.path("back"))
    for arguments in [[source.path, "--to", own], [own, "--layout", "hf", "--to", back]] {
      let run = try unit(raw: (["convert"] + arguments).map { Array($0.utf8) })
      #expect(run.status == 0, "\(run.errors)")
    }
    let expected = try source.ask("Where, and why?", options: Self.everyAnswer).text
    for path in [own, back] {
      let run = try unit(
        "ask", Golden.path("ViLT/picture.png"), "Where, and why?", "--model", path, "--top", "12",
        "--format", "hf")
      #expect(run.text == expected, "\(path) \(run.errors)")
    }
    let golden = try Golden("ViLT/model/model.safetensors")
    let written = try SafetensorsFile(contentsOf: back + "/model.safetensors")
    #expect(Set(written.entries.map(\.name)) == Set(golden.names))
    for name in golden.names {
      let isSame = try written.tensor(name).elements == golden[name].elements
      #expect(isSame, "\(name)")
    }
    try expectSameEntries("config.json", of: back)
    try expectSameEntries("preprocessor_config.json", of: back)
  }

  // What both files say must be the same.
  private func expectSameEntries(_ name: String, of folder: String) throws {
    func entries(_ path: String) throws -> [String: NSObject] {
      let object = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: path)))
      return try #require(object as? [String: NSObject])
    }
    let original = try entries(Golden.path("ViLT/model/\(name)"))
    let written = try entries(folder + "/" + name)
    let common = Set(original.keys).intersection(written.keys)
    #expect(common.count >= 9, "\(name): \(common.sorted())")
    for key in common.sorted() {
      let isSame = written[key] == original[key]
      #expect(isSame, "\(name): \(key)")
    }
  }
}
