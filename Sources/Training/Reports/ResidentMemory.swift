import Foundation

/// The memory that this process holds at the moment.
enum ResidentMemory {
  /// Bytes in memory, without what is swapped out; 0 where the system does not tell.
  static var bytes: Int {
    // The second number of this file counts pages.
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return 0
    }
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    return numbers.count > 1 ? numbers[1] * sysconf(Int32(_SC_PAGESIZE)) : 0
  }

  /// A number of bytes such as `5.2G` or `310M`.
  static func short(_ bytes: Int) -> String {
    let value = Double(bytes)
    return value >= 1e9
      ? String(format: "%.1fG", value / 1e9) : String(format: "%.0fM", value / 1e6)
  }
}
