import Foundation
import Models

/// Four tasks of GLUE (Wang et al., 2018) as the TSV files that GLUE is handed out in.
///
/// The path is the folder of a task with `train.tsv` and `dev.tsv` (of MNLI `dev_matched.tsv` and
/// `dev_mismatched.tsv`), or a file. The first line names the columns; there is no quoting. Pairs on
/// which people did not agree (`-`) are left out, and so are QQP's few lines that break off.
public struct GLUE: Sendable {
  /// The name in the registry.
  public let name: String
  /// The column of the text, and that of the second one.
  let columns: (first: String, second: String?)
  /// The column of the label.
  let label: String
  /// The classes by what stands in the file.
  let classes: [(written: String, name: String)]
  /// Whether lines that break off are left out instead of being an error.
  var skipsBrokenLines = false

  /// Question and sentence: is the answer in the sentence?
  public static let qnli = GLUE(
    name: "qnli", columns: ("question", "sentence"), label: "label",
    classes: [("entailment", "entailment"), ("not_entailment", "not_entailment")])
  /// Premise and hypothesis.
  public static let mnli = GLUE(
    name: "mnli", columns: ("sentence1", "sentence2"), label: "gold_label",
    classes: [
      ("entailment", "entailment"), ("neutral", "neutral"), ("contradiction", "contradiction"),
    ])
  /// Two questions: do they ask the same?
  public static let qqp = GLUE(
    name: "qqp", columns: ("question1", "question2"), label: "is_duplicate",
    classes: [("0", "not_duplicate"), ("1", "duplicate")], skipsBrokenLines: true)
  /// The mood of a sentence.
  public static let sst2 = GLUE(
    name: "sst2", columns: ("sentence", nil), label: "label",
    classes: [("0", "negative"), ("1", "positive")])

  @Sendable func dataset(_ source: DatasetSource, for task: TaskSpec) throws -> any TaskDataset {
    guard task.head != "detection", task.inputs == [.text] else {
      throw DatasetError.unfit(dataset: name, task: task.name, head: task.head)
    }
    let file = try self.file(source)
    let rows = try ClassNames(classes.map(\.name), dataset: name, task: task)
    return try LabelledTexts(file, of: self, rows: rows)
  }

  /// The file of a part.
  func file(_ source: DatasetSource) throws -> String {
    try source.file(
      "\(name)'s part '\(source.split)'",
      among: [source.split, source.split + "_matched"].map { $0 + ".tsv" })
  }
}

/// Texts with their classes.
struct LabelledTexts: TaskDataset {
  /// A text, or a pair, with its class.
  private struct Entry {
    let line: Int
    let first: String
    let second: String?
    let label: Int
  }

  private let file: String
  private let entries: [Entry]

  /// The largest file in bytes.
  private static let largestFile = 1 << 30

  init(_ file: String, of task: GLUE, rows: ClassNames) throws {
    self.file = file
    let bytes = try fileBytes(file, limit: Self.largestFile)
    func failure(_ line: Int, _ reason: String) -> DatasetError {
      .malformed(file: file, entry: "line \(line)", reason: reason)
    }
    func text(_ cell: ArraySlice<UInt8>, _ line: Int) throws -> String {
      guard let text = String(validating: cell, as: UTF8.self) else {
        throw failure(line, "expected text in UTF-8, found other bytes")
      }
      return text
    }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    func cells(_ number: Int) -> [ArraySlice<UInt8>] {
      let line = lines[number].last == 0x0D ? lines[number].dropLast() : lines[number]
      return line.split(separator: 0x09, omittingEmptySubsequences: false)
    }
    let header = try cells(0).map { try text($0, 1).replacing("\u{FEFF}", with: "") }
    func column(_ name: String) throws -> Int {
      guard let column = header.firstIndex(of: name) else {
        let advice = name == task.label ? "; parts for tests have no labels" : ""
        throw failure(
          1,
          "expected a column '\(name)', found "
            + "\(header.map { String($0.prefix(20)) }.prefix(12).joined(separator: ", "))\(advice)")
      }
      return column
    }
    let first = try column(task.columns.first)
    let second = try task.columns.second.map(column)
    let label = try column(task.label)
    var entries: [Entry] = []
    for number in lines.indices.dropFirst() where !lines[number].isEmpty {
      let cells = cells(number)
      guard cells.count > max(first, second ?? 0, label) else {
        if task.skipsBrokenLines { continue }
        throw failure(
          number + 1, "expected \(header.count) columns with tabs between, found \(cells.count)")
      }
      let written = try text(cells[label], number + 1)
      if written == "-" { continue }
      guard let name = task.classes.first(where: { $0.written == written })?.name,
        let row = rows[name]
      else {
        let known = task.classes.map(\.written).joined(separator: ", ")
        throw failure(
          number + 1, "expected \(known) as \(task.label), found '\(written.prefix(40))'")
      }
      entries.append(
        Entry(
          line: number + 1, first: try text(cells[first], number + 1),
          second: try second.map { try text(cells[$0], number + 1) }, label: row))
    }
    self.entries = entries
  }

  var count: Int { entries.count }

  /// The rows of all texts.
  var labels: [Int] { entries.map(\.label) }

  func sample(_ index: Int) throws -> Sample {
    let entry = entries[index]
    return Sample(
      name: "\(file), line \(entry.line)", text: entry.first, secondText: entry.second,
      target: .category(entry.label))
  }
}
