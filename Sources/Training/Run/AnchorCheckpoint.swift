import Checkpoints
import Foundation

extension CheckpointFolder {
  /// The checkpoint to which a run returns when its loss is no number any more, where `last` is not
  /// that one: the run was interrupted between two checkpoints that the recipe asks for.
  var anchor: String { path + "/anchor" }

  /// Keeps a checkpoint as the anchor whatever becomes of its own folder. Its files are linked, so
  /// that no more of the disk is used.
  func keep(_ checkpoint: String) throws {
    guard checkpoint != anchor else { return }
    let manager = FileManager.default
    let partial = "\(path)/.anchor.partial-\(getpid())"
    do {
      try? manager.removeItem(atPath: partial)
      try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
      for name in try manager.contentsOfDirectory(atPath: checkpoint) {
        let (from, to) = ("\(checkpoint)/\(name)", "\(partial)/\(name)")
        // Not every file system has hard links.
        do { try manager.linkItem(atPath: from, toPath: to) } catch {
          try manager.copyItem(atPath: from, toPath: to)
        }
      }
      removeAnchor()
      try manager.moveItem(atPath: partial, toPath: anchor)
    } catch let error as CocoaError {
      throw CheckpointError.cannotWrite(file: anchor, reason: error.localizedDescription)
    }
  }

  /// Removes the anchor, once `last` is one.
  func removeAnchor() { try? FileManager.default.removeItem(atPath: anchor) }
}
