import Foundation

/// What a new model took over from a trained one: in `run.json`, and as a table for people.
public struct TransferReport: Sendable, Equatable, Codable {
  /// A parameter of which only some rows were taken over.
  public struct Rows: Sendable, Equatable, Codable {
    /// Its name.
    public let name: String
    /// Names of the classes whose rows were kept.
    public let kept: [String]
    /// Rows in all that stand for classes.
    public let count: Int
  }

  /// A parameter that begins anew.
  public struct Reset: Sendable, Equatable, Codable {
    /// Its name.
    public let name: String
    /// Why.
    public let reason: String
  }

  /// Where the weights came from.
  public let source: String
  /// Names of the parameters that were taken over whole.
  public internal(set) var kept: [String] = []
  /// Parameters of which the rows of known classes were taken over.
  public internal(set) var rows: [Rows] = []
  /// Parameters that begin anew.
  public internal(set) var reset: [Reset] = []

  init(source: String) { self.source = source }

  /// Whether nothing begins anew.
  public var isWhole: Bool { rows.isEmpty && reset.isEmpty }

  /// The report as lines of a table.
  public var lines: [String] {
    let all = kept.count + rows.count + reset.count
    guard !isWhole else { return ["weights of \(source): all \(all) tensors kept"] }
    var lines = [
      "weights of \(source): \(kept.count) of \(all) tensors kept, \(rows.count) by the names of "
        + "their classes, \(reset.count) begin anew"
    ]
    let names = rows.map(\.name) + reset.map(\.name)
    let width = names.map(\.count).max() ?? 0
    func row(_ kind: String, _ name: String, _ text: String) {
      let name = name.padding(toLength: width, withPad: " ", startingAt: 0)
      lines.append("  \(kind.padding(toLength: 5, withPad: " ", startingAt: 0))  \(name)  \(text)")
    }
    for rows in rows {
      let list = rows.kept.prefix(6).joined(separator: ", ") + (rows.kept.count > 6 ? ", ..." : "")
      row("rows", rows.name, "\(rows.kept.count) of \(rows.count): \(list)")
    }
    for reset in reset { row("fresh", reset.name, reset.reason) }
    return lines
  }
}
