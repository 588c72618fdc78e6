import Foundation
import Wording

/// Writes a file so that, whatever happens, either the old or the whole new content is there.
///
/// The bytes go to a temporary file in the same folder, which is flushed to the disk, renamed over
/// the target, and the folder is flushed too. A target that is a device or a pipe, such as
/// `/dev/stdout`, is written directly.
///
/// - Throws: `CheckpointError.cannotWrite`; the temporary file is gone then.
public func writeAtomically(_ bytes: some ContiguousBytes, to path: String) throws {
  try writeAtomically(to: path) { write in try bytes.withUnsafeBytes { try write($0) } }
}

/// Writes a file piece by piece; it appears under its name only when `body` has returned.
///
/// - Parameters:
///   - path: the file to create or replace.
///   - body: calls its argument with one piece after the other.
/// - Throws: `CheckpointError.cannotWrite`, and what `body` throws.
public func writeAtomically(
  to path: String, _ body: (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
) throws {
  let target = try writableTarget(path)
  guard target.isReplaceable else {
    let descriptor = open(target.path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw cannotWrite(path, errno) }
    defer { close(descriptor) }
    try body { try writeAll($0, to: descriptor, path: path) }
    return
  }
  let folder = parentFolder(of: target.path)
  let place = folder.isEmpty ? "." : folder
  let temporary = place + "/.partial-\(getpid())-\(UInt64.random(in: 0 ... .max))"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw cannotWrite(path, errno) }
  do {
    defer { close(descriptor) }
    if let mode = target.mode { fchmod(descriptor, mode) }
    try body { try writeAll($0, to: descriptor, path: path) }
    guard fsync(descriptor) == 0 else { throw cannotWrite(path, errno) }
    guard rename(temporary, target.path) == 0 else { throw cannotWrite(path, errno) }
  } catch {
    unlink(temporary)
    throw error
  }
  try flushFolder(place, path: path)
}

/// What stands at `path` now, links followed.
private func writableTarget(
  _ path: String
) throws -> (path: String, isReplaceable: Bool, mode: mode_t?) {
  guard !path.isEmpty else {
    throw CheckpointError.cannotWrite(file: path, reason: "the name is empty")
  }
  var status = stat()
  guard stat(path, &status) == 0 else {
    if errno == ENOENT { return (path, true, nil) }
    throw cannotWrite(path, errno)
  }
  switch status.st_mode & S_IFMT {
  case S_IFDIR:
    throw CheckpointError.cannotWrite(
      file: path, reason: "it is a directory; name a file inside it")
  case S_IFREG:
    guard let resolved = realpath(path, nil) else { throw cannotWrite(path, errno) }
    defer { free(resolved) }
    return (String(cString: resolved), true, status.st_mode & 0o7777)
  default:
    return (path, false, nil)
  }
}

func writeAll(
  _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
) throws {
  var rest = bytes[...]
  while !rest.isEmpty {
    let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
    if written < 0 {
      if errno == EINTR { continue }
      throw cannotWrite(path, errno)
    }
    rest = rest.dropFirst(written)
  }
}

/// Makes the renaming itself survive a power cut; some file systems cannot, and say EINVAL.
private func flushFolder(_ folder: String, path: String) throws {
  let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  defer { close(descriptor) }
  guard fsync(descriptor) == 0 || errno == EINVAL else { throw cannotWrite(path, errno) }
}

private func cannotWrite(_ path: String, _ code: Int32) -> CheckpointError {
  var reason = systemMessage(code)
  if code == ENOENT { reason += "; create the folder first" }
  return .cannotWrite(file: path, reason: reason)
}
