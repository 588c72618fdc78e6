import Datasets
import Foundation
import Models
import Support
import Testing

/// The committed samples, and copies of them that a test may damage.
enum Samples {
  /// The path of a dataset's sample.
  static func path(_ dataset: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../datasets/\(dataset)/Sample").standardizedFileURL.path
  }

  /// A copy of a sample in a temporary folder.
  static func copy(_ dataset: String) throws -> SampleCopy { try SampleCopy(path(dataset)) }

  /// The text of an error that must be thrown.
  static func failure(_ body: () throws -> Void) -> String {
    let error = #expect(throws: (any Error).self) { try body() }
    return error.map { "\($0)" } ?? ""
  }
}

/// A copy of a sample.
struct SampleCopy {
  private let folder: TemporaryFolder
  /// Where the copy is.
  let path: String

  fileprivate init(_ sample: String) throws {
    folder = try TemporaryFolder()
    path = folder.path("sample")
    try FileManager.default.copyItem(atPath: sample, toPath: path)
  }

  func file(_ name: String) -> String { path + "/" + name }

  func replace(_ old: String, _ new: String, in name: String) throws {
    let text = try String(contentsOfFile: file(name), encoding: .utf8)
    #expect(text.contains(old), "\(name) has no '\(old)'")
    try text.replacing(old, with: new).write(
      toFile: file(name), atomically: true, encoding: .utf8)
  }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: file(name), atomically: true, encoding: .utf8)
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }
}

extension TaskSpec {
  /// A detection task with the samples' classes.
  static func toys(
    _ labels: [String] = ["", "ball", "sail", "box"], ids: [Int]? = nil,
    attributes: [String]? = nil
  ) -> TaskSpec {
    TaskSpec(
      name: "toys", head: "detection", group: "detection", index: 0, queries: 5, inputs: [.image],
      labels: labels, labelIDs: ids, attributes: attributes.map { AttributeSpec(labels: $0) })
  }

  /// A task on a picture and a text.
  static func answering(head: String = "answer", _ labels: [String]) -> TaskSpec {
    TaskSpec(
      name: "answers", head: head, group: "vl", index: 1, queries: 2, inputs: [.image, .text],
      labels: labels)
  }

  /// A task on a text.
  static func reading(_ labels: [String]) -> TaskSpec {
    TaskSpec(
      name: "reading", head: "classification", group: "glue", index: 2, queries: 2,
      inputs: [.text], labels: labels)
  }
}

extension DatasetRegistry {
  /// Opens a dataset by its kind.
  static func open(
    _ kind: String, _ path: String, _ split: String, _ task: TaskSpec
  ) throws -> any TaskDataset {
    try open(DatasetSource(kind: kind, path: path, split: split), for: task)
  }
}
