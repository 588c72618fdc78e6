import Foundation
import Support
import Tensors

/// The lists of `Goldens/UniT/names.py`.
enum OfficialNames {
  struct Entry {
    let name: String
    let shape: Shape
    /// `parameter`, `buffer` or `alias`.
    let kind: String
  }

  /// The entries of a list, each `{a,b}` written out.
  static func entries(_ list: String) throws -> [Entry] {
    let text = try String(contentsOfFile: Golden.path("UniT/names.\(list).txt"), encoding: .utf8)
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.flatMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return expanded(fields[0]).map { name in
        Entry(name: name, shape: fields[1].split(separator: ",").map { Int($0)! }, kind: fields[2])
      }
    }
  }

  private static func expanded(_ pattern: String) -> [String] {
    guard let open = pattern.firstIndex(of: "{"), let close = pattern.firstIndex(of: "}") else {
      return [pattern]
    }
    let rest = expanded(String(pattern[pattern.index(after: close)...]))
    return pattern[pattern.index(after: open)..<close].split(separator: ",").flatMap { word in
      rest.map { pattern[..<open] + word + $0 }
    }
  }
}
