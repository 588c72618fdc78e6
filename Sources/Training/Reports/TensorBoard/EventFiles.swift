import Checkpoints
import Foundation

/// TensorBoard's files of a run, `events.out.tfevents.*`: one for each session that told something.
final class EventFiles {
  private let folder: String
  private let now: () -> Double
  private var handle: FileHandle?
  private var path = ""
  private static let prefix = "events.out.tfevents."

  /// The files of a run's folder.
  ///
  /// - Parameter now: seconds since 1970; tests give their own.
  init(folder: String, now: @escaping () -> Double = { Date().timeIntervalSince1970 }) {
    self.folder = folder
    self.now = now
  }

  /// Appends an event to this session's file, which is begun with the first one.
  func append(_ content: TrainingEvent.Content, step: Int) throws {
    let time = now()
    var bytes: [UInt8] = []
    func add(_ content: TrainingEvent.Content, step: Int) {
      bytes += EventRecord.framed(TrainingEvent(time: time, step: step, content: content).encoded)
    }
    if handle == nil {
      try open(time)
      add(.version, step: 0)
      add(.sessionStart, step: step)
    }
    add(content, step: step)
    do { try handle?.write(contentsOf: bytes) } catch {
      throw CheckpointError.cannotWrite(file: path, reason: "the disk may be full")
    }
  }

  /// Flushes what was appended to the disk.
  func flush() { try? handle?.synchronize() }

  /// Drops what was told after a step, and files in which nothing is left; the next event begins a
  /// new file.
  func truncate(after step: Int) throws {
    try? handle?.close()
    handle = nil
    for name in names {
      let file = "\(folder)/\(name)"
      guard let data = FileManager.default.contents(atPath: file) else { continue }
      let bytes = Array(data)
      let kept = EventRecord.contents(of: bytes).prefix { TrainingEvent.step(of: $0) <= step }
      // The version and the session's start, which stands at the first step told, say nothing.
      guard kept.count > 2 else {
        try? FileManager.default.removeItem(atPath: file)
        continue
      }
      let end = kept.last.map { $0.endIndex + 4 } ?? 0
      if end < bytes.count { try writeAtomically(Data(bytes[..<end]), to: file) }
    }
  }

  /// Names of the files, oldest first.
  private var names: [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return all.filter { $0.hasPrefix(Self.prefix) }.sorted()
  }

  private func open(_ time: Double) throws {
    // TensorBoard reads files in the order of their names and never goes back, so the moment in
    // the name must rise even where two sessions share a second or the clock was set back. The
    // machine's name, which others put there, is nobody's business.
    let latest = names.compactMap { Int($0.dropFirst(Self.prefix.count).prefix { $0 != "." }) }
    let moment = max(Int(time), (latest.max() ?? 0) + 1)
    path = "\(folder)/\(Self.prefix)\(moment).unit"
    try writeAtomically(Data(), to: path)
    guard let opened = FileHandle(forWritingAtPath: path) else {
      throw CheckpointError.cannotWrite(file: path, reason: "the file cannot be opened")
    }
    handle = opened
  }
}
