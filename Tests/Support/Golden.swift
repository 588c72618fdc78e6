import Checkpoints
import Foundation
import Tensors
import Testing

/// Expected values that a reference implementation computed, from `Tests/Goldens`.
///
/// ```swift
/// let golden = try Golden("Operations/elementwise.safetensors")
/// expectClose(a + b, golden["sum"], absolute: 1e-6)
/// ```
public struct Golden: Sendable {
  /// The file itself.
  public let file: SafetensorsFile

  /// Opens a file named relative to `Tests/Goldens`.
  public init(_ name: String) throws {
    file = try SafetensorsFile(contentsOf: Golden.path(name))
  }

  /// Where a golden of any format lies.
  public static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Goldens").appendingPathComponent(name).path
  }

  /// The tensor of this name; ends the test run with the file's name and the closest name if
  /// there is none.
  public subscript(_ name: String) -> Tensor { found { try file.tensor(name) } }

  /// The whole numbers of this name in row-major order.
  public func integers(_ name: String) -> [Int] { found { try file.integers(name) } }

  /// The truth values of this name in row-major order.
  public func booleans(_ name: String) -> [Bool] { integers(name).map { $0 != 0 } }

  /// The names in the file, in the order of their data.
  public var names: [String] { file.entries.map(\.name) }

  /// The names that begin with `prefix`, without it.
  public func names(under prefix: String) -> [String] {
    names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
  }

  /// Whether there is an entry of this name.
  public func contains(_ name: String) -> Bool { file[name] != nil }

  private func found<Value>(_ body: () throws -> Value) -> Value {
    do { return try body() } catch { fatalError("golden: \(error)") }
  }
}
