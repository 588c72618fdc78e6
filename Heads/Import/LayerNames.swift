import Checkpoints
import Foundation
import Models

/// The names of a layer's rows, as a list that may leave out row 0: the background of Visual
/// Genome's classes and attributes.
struct LayerNames {
  private let file: String
  private let names: [String]

  /// Names that come from a file or belong to one.
  init(_ names: [String], file: String) {
    self.file = file
    self.names = names
  }

  /// Reads names, one a line.
  ///
  /// - Throws: `CheckpointError.cannotRead`.
  init(contentsOf file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw CheckpointError.cannotRead(file: file, reason: "the names cannot be read")
    }
    var lines = String(decoding: data, as: UTF8.self)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    if lines.last == "" { lines.removeLast() }
    self.init(lines, file: file)
  }

  /// Whether a layer has as many rows, or one more.
  func fit(_ rows: Int) -> Bool { names.count == rows || names.count == rows - 1 }

  /// The labels of a layer, "" for `<unk>` and `__background__`, which are no names.
  ///
  /// - Throws: `UniTImportError.wrongLabels`.
  func labels(_ rows: Int) throws -> [String] {
    guard fit(rows) else {
      throw UniTImportError.wrongLabels(file: file, expected: [rows], found: names.count)
    }
    let meant = names.map { ["<unk>", "__background__"].contains($0) ? "" : $0 }
    return names.count == rows ? meant : [""] + meant
  }
}

extension [TaskSpec] {
  /// Names the first layer that has as many rows: a task's classes or answers, or its attributes.
  ///
  /// - Parameter file: where the names come from or belong to, for the error.
  /// - Throws: `UniTImportError.wrongLabels`.
  mutating func nameLayer(_ labels: [String], file: String) throws {
    let names = LayerNames(labels, file: file)
    for place in indices {
      if names.fit(self[place].labels.count) {
        self[place].labels = try names.labels(self[place].labels.count)
        return
      }
      if let attributes = self[place].attributes?.labels, names.fit(attributes.count) {
        self[place].attributes?.labels = try names.labels(attributes.count)
        return
      }
    }
    let rows = flatMap { [$0.labels.count] + ($0.attributes.map { [$0.labels.count] } ?? []) }
    throw UniTImportError.wrongLabels(
      file: file, expected: Set(rows).sorted(), found: labels.count)
  }
}
