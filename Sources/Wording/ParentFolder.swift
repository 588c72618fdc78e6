/// The folder part of a path: `a/b` for `a/b/c`, empty for a name alone, `/` for `/a`.
///
/// Foundation's own function fails on a path of a single character.
public func parentFolder(of path: String) -> String {
  var bytes = Array(path.utf8)
  let slash = UInt8(ascii: "/")
  while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
  guard let last = bytes.lastIndex(of: slash) else { return "" }
  var folder = bytes[..<last]
  while folder.last == slash { folder.removeLast() }
  return folder.isEmpty ? "/" : String(decoding: folder, as: UTF8.self)
}
