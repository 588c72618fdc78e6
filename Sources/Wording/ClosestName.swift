/// The name that needs the fewest edits to become `name`, or nil where none is near.
///
/// Near means at most a third of the characters changed. Only names of similar length are
/// compared, and at most 20,000 of them, so that the search stays short on any file.
public func closestName(to name: String, among names: some Sequence<String>) -> String? {
  let target = Array(name.utf8)
  guard target.count <= 500 else { return nil }
  var best: (name: String, distance: Int)?
  for candidate in names.prefix(20_000) {
    let limit = min((best?.distance).map { $0 - 1 } ?? .max, max(1, target.count / 3))
    guard abs(candidate.utf8.count - target.count) <= limit else { continue }
    let distance = editDistance(target, Array(candidate.utf8))
    if distance <= limit { best = (candidate, distance) }
  }
  return best?.name
}

/// Number of bytes to insert, delete or replace, or of neighbours to swap (optimal alignment).
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last: [Int] = []
  var row = Array(0...b.count)
  for (i, left) in a.enumerated() {
    (beforeLast, last, row) = (last, row, [i + 1])
    for (j, right) in b.enumerated() {
      var best = min(last[j] + (left == right ? 0 : 1), row[j] + 1, last[j + 1] + 1)
      if i > 0, j > 0, left == b[j - 1], a[i - 1] == right {
        best = min(best, beforeLast[j - 1] + 1)
      }
      row.append(best)
    }
  }
  return row[b.count]
}
