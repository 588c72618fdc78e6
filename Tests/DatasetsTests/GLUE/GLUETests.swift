import Datasets
import Foundation
import Testing

struct GLUETests {
  private func row(_ sample: Sample) -> Int? {
    if case .category(let row) = sample.target { row } else { nil }
  }

  private static let classes = [
    "qnli": ["entailment", "not_entailment"], "mnli": ["entailment", "neutral", "contradiction"],
    "qqp": ["not_duplicate", "duplicate"], "sst2": ["negative", "positive"],
  ]

  private func open(
    _ kind: String, _ path: String, _ split: String = "train"
  ) throws -> any TaskDataset {
    try DatasetRegistry.open(kind, path, split, .reading(Self.classes[kind]!))
  }

  @Test(
    arguments: [
      ("sst2", "SST-2", "train", [1, 0], "it drags on and on ", nil),
      ("qnli", "QNLI", "train", [0, 1], "Who built it?", "It has four sails."),
      ("qqp", "QQP", "train", [1, 0], "Why is the sky blue?", "How old is the moon?"),
      ("mnli", "MNLI", "train", [0, 1, 2], "She bought a lamp.", "The lamp is green."),
      ("mnli", "MNLI", "dev_mismatched", [1, 2], "Nobody came.", "The hall was full."),
    ] as [(String, String, String, [Int], String, String?)])
  func readsTheSample(
    kind: String, folder: String, split: String, rows: [Int], first: String, second: String?
  ) throws {
    let data = try open(kind, Samples.path("GLUE") + "/" + folder, split)
    #expect(try (0..<data.count).map { row(try data.sample($0)) } == rows)
    #expect(try data.sample(1).text == first)
    #expect(try data.sample(1).secondText == second)
    #expect(try data.sample(1).image == nil)
  }

  @Test func quotesAreText() throws {
    let data = try open("qnli", Samples.path("GLUE") + "/QNLI")
    #expect(try data.sample(0).text == "Where is the \"old\" mill?")
  }

  @Test func devOfMNLIIsTheMatchedOne() throws {
    #expect(try open("mnli", Samples.path("GLUE") + "/MNLI", "dev").count == 1)
    let file = Samples.path("GLUE") + "/MNLI/dev_mismatched.tsv"
    #expect(try open("mnli", file, "anything").count == 2)
  }

  @Test(arguments: [
    ("sst2", "sentence\tlabel\nfine\t2\n", "line 2: expected 0, 1 as label, found '2'"),
    ("sst2", "index\tsentence\n0\tfine\n", "line 1: expected a column 'label', found index, sent"),
    ("qnli", "index\tquestion\tsentence\tlabel\n1\ta\tb\n", "line 2: expected 4 columns"),
    ("sst2", "", "line 1: expected a column 'sentence'"),
  ]) func whatIsWrongIsNamed(kind: String, text: String, words: String) throws {
    let copy = try Samples.copy("GLUE")
    try copy.write(text, to: "train.tsv")
    let failure = Samples.failure { _ = try open(kind, copy.path) }
    #expect(failure.contains("train.tsv, \(words)"), "\(failure)")
  }

  @Test func labelsAndPathsAreChecked() throws {
    let folder = Samples.path("GLUE") + "/SST-2"
    #expect(
      Samples.failure {
        _ = try DatasetRegistry.open("sst2", folder, "train", .reading(["bad", "good"]))
      }.contains("should be those of sst2, in this order: negative, positive"))
    #expect(Samples.failure { _ = try open("sst2", folder, "test") }.contains("tried \(folder)/t"))
    let copy = try Samples.copy("GLUE")
    try Data([0x73, 0x65, 0x6E, 0xFF, 0x0A]).write(
      to: URL(fileURLWithPath: copy.file("train.tsv")))
    #expect(Samples.failure { _ = try open("sst2", copy.path) }.contains("expected text in UTF-8"))
  }
}
