import CKernels
import Foundation

/// How many processors the process may keep busy.
public enum Processors {
  /// Those it may run on, or fewer where its control group has less processor time: what a container
  /// that was started with `--cpus 2` gets of a machine of 64.
  public static let available: Int = {
    let allowed = Int(kernel_processors())
    return min(allowed, quotas.min() ?? allowed)
  }()

  // The limits of the process's own group and of the groups around it, in either version of the
  // interface.
  private static var quotas: [Int] {
    let own = groups
    return own.flatMap { path -> [Int] in
      parents(of: path).compactMap { folder in
        whole(newer: contents("/sys/fs/cgroup\(folder)/cpu.max"))
          ?? whole(
            quota: contents("/sys/fs/cgroup/cpu\(folder)/cpu.cfs_quota_us"),
            period: contents("/sys/fs/cgroup/cpu\(folder)/cpu.cfs_period_us"))
      }
    }
  }

  // Lines are `0::/path` or `4:cpu,cpuacct:/path`. Inside a container the path may be one outside of
  // it; its own limit then stands at the root.
  private static var groups: [String] {
    let lines = contents("/proc/self/cgroup").split(separator: "\n")
    let paths = lines.compactMap { line -> String? in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return nil }
      let controllers = fields[1].split(separator: ",")
      return controllers.isEmpty || controllers.contains("cpu") ? String(fields[2]) : nil
    }
    return paths.isEmpty ? ["/"] : paths
  }

  // "/a/b" stands in "/a", and that in the root, which is "".
  private static func parents(of path: String) -> [String] {
    let names = path.split(separator: "/")
    return (0...names.count).map { names.prefix($0).map { "/" + $0 }.joined() }
  }

  private static func contents(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// The processors of a quota such as `150000 100000` (microseconds of every 100 000), rounded up;
  /// nil for `max 100000` and for anything else.
  static func whole(newer text: String) -> Int? {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    return words.count == 2 ? whole(quota: words[0], period: words[1]) : nil
  }

  /// The same for the older interface, where -1 stands for no limit.
  static func whole(quota: String, period: String) -> Int? {
    guard let quota = Int(quota.trimmingCharacters(in: .whitespacesAndNewlines)),
      let period = Int(period.trimmingCharacters(in: .whitespacesAndNewlines)),
      quota > 0, period > 0, period <= 1_000_000_000, quota <= 1 << 50
    else { return nil }
    return max(1, (quota + period - 1) / period)
  }
}
