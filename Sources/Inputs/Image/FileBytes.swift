import Foundation

/// Reads a picture file into memory, looking at its size and its first bytes before the rest.
func readPictureFile(_ path: String, limits: ImageLimits) throws(ImageError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    if errno == ENOENT || errno == ENOTDIR { throw .missing(file: path) }
    throw .unreadable(file: path, reason: String(cString: strerror(errno)))
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    throw .unreadable(file: path, reason: String(cString: strerror(errno)))
  }
  if status.st_mode & S_IFMT == S_IFDIR { throw .directory(file: path) }
  let isRegular = status.st_mode & S_IFMT == S_IFREG
  if isRegular && Int(status.st_size) > limits.fileBytes {
    throw fileTooLarge(path, bytes: Int(status.st_size), limits: limits)
  }
  let header = try read(upTo: ImageFormat.headerLength, from: descriptor, path)
  _ = try readableFormat(header: header, name: path)
  // A pipe tells no size: it is read until it ends or is over the limit.
  let expected = isRegular ? Int(status.st_size) : limits.fileBytes
  var bytes = header
  if expected > header.count && isRegular {
    bytes = try read(upTo: expected - header.count, from: descriptor, path, after: header)
  }
  while bytes.count <= limits.fileBytes {
    let wanted = min(4 << 20, isRegular ? max(expected - bytes.count, 1) : 4 << 20)
    let chunk = try read(upTo: wanted, from: descriptor, path)
    if chunk.isEmpty { return bytes }
    bytes += chunk
  }
  throw fileTooLarge(path, bytes: bytes.count, limits: limits)
}

/// The format that the first bytes name, or the error that says what they are instead.
func readableFormat(header: [UInt8], name: String) throws(ImageError) -> ImageFormat {
  if header.isEmpty { throw .empty(file: name) }
  let format = ImageFormat(header: header)
  switch format {
  case .png, .jpeg: return format
  case .unsupported(let words): throw .unsupportedFormat(file: name, format: words)
  case .other(let words): throw .notAnImage(file: name, found: words)
  }
}

/// The error of a file that is over the limit.
func fileTooLarge(_ name: String, bytes: Int, limits: ImageLimits) -> ImageError {
  .tooLarge(
    file: name, found: "a file of more than \(bytes >> 20) MiB",
    limit: "\(limits.fileBytes >> 20) MiB")
}

/// `start`, and up to `count` bytes more; fewer only at the end of the file.
private func read(
  upTo count: Int, from descriptor: Int32, _ path: String, after start: [UInt8] = []
) throws(ImageError) -> [UInt8] {
  var failure: Int32 = 0
  let whole = start.count + count
  let bytes = [UInt8](unsafeUninitializedCapacity: whole) { buffer, filled in
    guard let base = buffer.baseAddress else { return }
    base.initialize(from: start, count: start.count)
    filled = start.count
    while filled < whole {
      let got = Foundation.read(descriptor, base + filled, whole - filled)
      if got > 0 {
        filled += got
      } else if got == 0 {
        return
      } else if errno != EINTR {
        failure = errno
        return
      }
    }
  }
  if failure != 0 { throw .unreadable(file: path, reason: String(cString: strerror(failure))) }
  return bytes
}
