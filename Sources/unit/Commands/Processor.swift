import Foundation

/// What the system says about the processor.
enum Processor {
  /// Its trade name, such as `AMD EPYC 9R14`.
  static var name: String { field("model name") ?? "unknown" }

  /// The vector instruction sets that the kernels could use and the processor has.
  static var instructionSets: [String] {
    let wanted = [
      "sse4_2", "avx", "f16c", "fma", "avx2", "avx512f", "avx512bw", "avx512dq", "avx512vl",
      "avx512_vnni", "avx512_bf16", "amx_tile",
    ]
    let present = Set((field("flags") ?? "").split(separator: " ").map(String.init))
    return wanted.filter(present.contains)
  }

  private static func field(_ name: String) -> String? {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
      return nil
    }
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return nil
  }
}

/// How much memory the process may use, where less than the machine has.
enum MemoryLimit {
  /// The smaller of the control group's limit and the address space's, in bytes; nil if neither is
  /// set.
  static var smallest: Int? { [controlGroup, addressSpace].compactMap { $0 }.min() }

  private static var controlGroup: Int? {
    let files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    for file in files {
      guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { continue }
      let limit = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
      // The older interface writes a number near the largest integer for "no limit".
      return limit.flatMap { $0 < 1 << 60 ? $0 : nil }
    }
    return nil
  }

  private static var addressSpace: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    return limit.rlim_cur < 1 << 60 ? Int(limit.rlim_cur) : nil
  }
}
