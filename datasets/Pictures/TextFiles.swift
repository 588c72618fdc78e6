import Foundation

/// The bytes of a small file.
///
/// - Throws: `DatasetError`.
func fileBytes(_ file: String, limit: Int) throws -> [UInt8] {
  guard isFile(file) else {
    throw DatasetError.malformed(
      file: file, entry: "", reason: "there is no such file, but the dataset names it")
  }
  guard let handle = FileHandle(forReadingAtPath: file),
    let data = try? handle.read(upToCount: limit + 1) ?? Data()
  else {
    throw DatasetError.malformed(
      file: file, entry: "", reason: "the file cannot be read; check its permissions")
  }
  guard data.count <= limit else {
    throw DatasetError.malformed(
      file: file, entry: "", reason: "it has over \(limit >> 20) MiB, which is the limit")
  }
  return [UInt8](data)
}

/// The lines of a text file without white space at their ends; empty lines are left out.
///
/// - Throws: `DatasetError`.
func textLines(of file: String, limit: Int = 256 << 20) throws -> [String] {
  guard let text = String(validating: try fileBytes(file, limit: limit), as: UTF8.self) else {
    throw DatasetError.malformed(
      file: file, entry: "", reason: "expected text in UTF-8, found other bytes")
  }
  return text.split(whereSeparator: \.isNewline)
    .map { $0.trimmingCharacters(in: .whitespaces.union(["\u{FEFF}"])) }.filter { !$0.isEmpty }
}

extension MarkedPictures {
  /// Gives pictures whose files have no ids the number in their names, as in `000000391895.jpg`,
  /// if all of them have one of their own, else their positions from 1.
  mutating func number() {
    let numbers = pictures.compactMap { picture in
      stem(picture.name).split { !("0"..."9").contains($0) }.last.flatMap { Int($0) }
    }
    let areTelling = numbers.count == pictures.count && Set(numbers).count == numbers.count
    for position in pictures.indices {
      pictures[position].id = areTelling ? numbers[position] : position + 1
    }
  }
}
