import Checkpoints
import Foundation
import Tensors

/// The folder `checkpoints` of a run, in which whole checkpoints replace each other.
///
/// A checkpoint is a folder: `state.json`, `model.safetensors` and, where training is to go on,
/// the optimiser's moments and the weight average. It is written under a temporary name, flushed
/// to the disk and renamed; the one before is kept until then. Whenever the program is killed, a
/// whole checkpoint is there.
struct CheckpointFolder {
  /// The folder.
  let path: String
  /// Called between the stages of writing; tests end the process there.
  var reached: (Stage) -> Void = { _ in }

  /// Stages of writing a checkpoint, in order.
  enum Stage: String, CaseIterable, Codable {
    case filesWritten, previousSetAside, renamed
  }

  /// Tensors of one file.
  typealias Tensors = [(name: String, tensor: Tensor)]

  /// Writes a checkpoint and removes the one it replaces.
  ///
  /// - Parameters:
  ///   - name: `last` or `best`.
  ///   - state: written with the checksums of the files added.
  ///   - tensors: content of each safetensors file.
  ///   - extra: adds further files to the folder given to it.
  func write(
    _ name: String, state: TrainingState, tensors: [String: Tensors],
    extra: (String) throws -> Void = { _ in }
  ) throws {
    let manager = FileManager.default
    let partial = "\(path)/.\(name).partial-\(getpid())"
    let target = "\(path)/\(name)"
    let previous = "\(path)/\(name).previous"
    do {
      try? manager.removeItem(atPath: partial)
      try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
      for (file, content) in tensors {
        try writeSafetensors(content, to: "\(partial)/\(file)")
      }
      try extra(partial)
      var state = state
      for file in tensors.keys { state.files[file] = try inspect("\(partial)/\(file)") }
      try writeAtomically(try state.sealed(), to: "\(partial)/state.json")
      flush(partial)
      reached(.filesWritten)
      if manager.fileExists(atPath: target) {
        try? manager.removeItem(atPath: previous)
        try manager.moveItem(atPath: target, toPath: previous)
      }
      reached(.previousSetAside)
      try manager.moveItem(atPath: partial, toPath: target)
      flush(path)
      reached(.renamed)
      try? manager.removeItem(atPath: previous)
    } catch let error as CheckpointError {
      throw error
    } catch let error as CocoaError {
      throw CheckpointError.cannotWrite(file: target, reason: error.localizedDescription)
    }
  }

  /// The newest checkpoint that continues training and is whole.
  ///
  /// - Throws: `TrainingError.noCheckpoint` with the reason for each one that is not.
  /// - Returns: nil when there is none at all.
  func newest() throws -> (path: String, state: TrainingState)? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var refused: [String] = []
    var found: [(path: String, state: TrainingState)] = []
    for name in names.sorted()
    where name == "last" || name == "last.previous" || name.hasPrefix(".last.partial-") {
      let candidate = "\(path)/\(name)"
      do { found.append((candidate, try open(candidate))) } catch {
        // A temporary folder is expected to be incomplete; it is no reason to worry anybody.
        if !name.hasPrefix(".") { refused.append("\(error)") }
      }
    }
    if let best = found.max(by: { $0.state.step < $1.state.step }) { return best }
    if refused.isEmpty { return nil }
    throw TrainingError.noCheckpoint(folder: path, refused: refused)
  }

  /// Removes what killed programs left half-done; `last` must be whole, or be about to be written.
  func removeLeftovers() {
    let manager = FileManager.default
    for name in (try? manager.contentsOfDirectory(atPath: path)) ?? []
    where name.contains(".partial-") || name.hasSuffix(".previous") {
      try? manager.removeItem(atPath: "\(path)/\(name)")
    }
  }

  /// The state of a checkpoint after every file's size and checksum were found right.
  func open(_ checkpoint: String) throws -> TrainingState {
    guard let data = FileManager.default.contents(atPath: "\(checkpoint)/state.json") else {
      throw TrainingError.damagedCheckpoint(path: checkpoint, reason: "state.json is missing")
    }
    let state = try TrainingState.opening(data, path: checkpoint)
    for (file, expected) in state.files.sorted(by: { $0.key < $1.key }) {
      guard let found = try? inspect("\(checkpoint)/\(file)") else {
        throw TrainingError.damagedCheckpoint(path: checkpoint, reason: "\(file) is missing")
      }
      guard found == expected else {
        let what =
          found.bytes == expected.bytes
          ? "a wrong checksum" : "\(found.bytes) bytes instead of \(expected.bytes)"
        throw TrainingError.damagedCheckpoint(path: checkpoint, reason: "\(file) has \(what)")
      }
    }
    return state
  }

  private func inspect(_ file: String) throws -> TrainingState.File {
    let mapped = try MappedFile(path: file)
    return TrainingState.File(bytes: mapped.bytes.count, checksum: Checksum.of(mapped.bytes))
  }

  /// Makes new names in a folder survive a power cut, where the file system can do that.
  private func flush(_ folder: String) {
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
