import Checkpoints
import Foundation
import Inputs

/// The folder `samples` of a run: `TASK-STEP.png` for the first, the best and the newest
/// evaluations.
struct SampleFolder {
  /// The folder.
  let path: String
  private static let newest = 5

  /// Writes the sheet of a task at a step.
  func write(_ sheet: Image, task: String, step: Int) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw CheckpointError.cannotWrite(file: path, reason: "the folder cannot be made")
    }
    try writeAtomically(encodePNG(sheet), to: "\(path)/\(Self.fileName(task))-\(step).png")
  }

  /// Removes all but the first, the best and the newest sheets of every task.
  func tidy(best: Int?) {
    for sheets in Dictionary(grouping: sheets, by: \.task).values {
      let sorted = sheets.sorted { $0.step < $1.step }
      for sheet in sorted.dropFirst().dropLast(Self.newest) where sheet.step != best {
        remove(sheet)
      }
    }
  }

  /// Removes the sheets after a step.
  func truncate(after step: Int) {
    for sheet in sheets where sheet.step > step { remove(sheet) }
  }

  private typealias Sheet = (name: String, task: Substring, step: Int)

  /// The sheets that are there; other files are left alone.
  private var sheets: [Sheet] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { name in
      guard name.hasSuffix(".png"), let dash = name.lastIndex(of: "-") else { return nil }
      let digits = name[name.index(after: dash)...].dropLast(4)
      return Int(digits).map { (name, name[..<dash], $0) }
    }
  }

  private func remove(_ sheet: Sheet) {
    try? FileManager.default.removeItem(atPath: "\(path)/\(sheet.name)")
  }

  /// A task's name without what a file name cannot hold.
  private static func fileName(_ task: String) -> String {
    String(task.map { $0 == "/" || $0 == "\0" ? "_" : $0 }.prefix(100))
  }
}
