import Foundation

/// How much memory this process has and may still get, as Linux tells it.
enum ProcessMemory {
  /// Bytes in memory now.
  static var resident: Int { entry("VmRSS:", of: "/proc/self/status") ?? 0 }
  /// The most bytes in memory since `forgetPeak`, or since the start where that is not allowed.
  static var peak: Int { entry("VmHWM:", of: "/proc/self/status") ?? 0 }

  /// Begins to measure the peak anew.
  static func forgetPeak() {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }

  /// Bytes that can still be had without swapping: what the machine has free, or the rest of the
  /// control group's limit where that is less; nil where neither is told.
  static var available: Int? {
    [entry("MemAvailable:", of: "/proc/meminfo"), controlGroup].compactMap { $0 }.min()
  }

  private static var controlGroup: Int? {
    let files = [
      ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
      (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes"
      ),
    ]
    for (limit, usage) in files {
      guard let limit = number(limit), let usage = number(usage) else { continue }
      // The older interface writes a number near the largest integer for "no limit".
      return limit < 1 << 60 ? max(0, limit - usage) : nil
    }
    return nil
  }

  private static func number(_ path: String) -> Int? {
    (try? String(contentsOfFile: path, encoding: .utf8))
      .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// An entry in kilobytes of a file of `/proc`.
  private static func entry(_ name: String, of path: String) -> Int? {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
    return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 << 10 }
  }
}
