import Checkpoints
import Foundation

/// A text file that grows by a line at a time and is cut back when a run is resumed.
final class RunLog {
  /// The file.
  let path: String
  private var handle: FileHandle?

  init(path: String) { self.path = path }

  /// Appends a line.
  func append(_ line: String) throws {
    if handle == nil {
      if !FileManager.default.fileExists(atPath: path) {
        try writeAtomically(Data(), to: path)
      }
      guard let opened = FileHandle(forWritingAtPath: path) else {
        throw CheckpointError.cannotWrite(file: path, reason: "the file cannot be opened")
      }
      try opened.seekToEnd()
      handle = opened
    }
    do { try handle!.write(contentsOf: Data((line + "\n").utf8)) } catch {
      throw CheckpointError.cannotWrite(file: path, reason: "the disk may be full")
    }
  }

  /// Flushes what was appended to the disk.
  func flush() { try? handle?.synchronize() }

  /// Keeps the whole lines that `keeps` accepts, from the first on, up to the first it refuses.
  func truncate(_ keeps: (Substring) -> Bool) throws {
    try? handle?.close()
    handle = nil
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let text = String(decoding: data, as: UTF8.self)
    let whole = text.lastIndex(of: "\n").map { text[...$0] } ?? ""
    let lines = whole.split(separator: "\n").prefix { keeps($0) }
    try writeAtomically(Data(lines.map { $0 + "\n" }.joined().utf8), to: path)
  }
}
