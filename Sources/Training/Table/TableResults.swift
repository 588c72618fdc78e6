import Checkpoints
import Foundation

/// What has been measured so far: the content of `table.json`.
public struct TableResults: Codable, Equatable, Sendable {
  /// A training that has ended.
  public struct Run: Codable, Equatable, Sendable {
    /// Folder below the table's.
    public var name: String
    /// The row that it belongs to.
    public var row: Recipe.Table.Row
    /// Its tasks.
    public var tasks: [String]
    /// Its seed.
    public var seed: UInt64
    /// Whether its model has task tokens.
    public var taskTokens: Bool
    /// Steps that were taken.
    public var steps: Int
    /// Seconds that they took, over all sessions.
    public var seconds: Double
    /// Numbers of the model.
    public var parameters: Int
    /// Those among them that learn.
    public var trainedParameters: Int
    /// Every finite metric after the last step.
    public var metrics: [String: Double]
    /// Changes when another recipe would have been trained.
    public var fingerprint: String
  }

  /// Version of this layout.
  public var format = 1
  /// The trainings, in the order in which they ended.
  public var runs: [Run] = []
  /// The table itself.
  public var rows: [TableRow] = []

  /// The results of a folder, or nil where there are none yet.
  ///
  /// - Throws: `TrainingError.damagedCheckpoint` where the file is none of this program's.
  static func read(_ folder: String) throws -> TableResults? {
    let path = file(folder)
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    guard let results = try? JSONDecoder().decode(TableResults.self, from: data),
      results.format == 1
    else {
      throw TrainingError.damagedCheckpoint(
        path: path, reason: "expected the results of a table, found something else")
    }
    return results
  }

  /// Writes the results; they appear whole or not at all.
  func write(_ folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try writeAtomically(try encoder.encode(self) + Data("\n".utf8), to: Self.file(folder))
  }

  private static func file(_ folder: String) -> String { folder + "/table.json" }
}
