import Wording

/// The words "; did you mean 'x'?" with the candidate that was probably meant, or nothing.
func didYouMean(_ word: String, among candidates: [String]) -> String {
  let lowercased = word.lowercased()
  let near =
    closestName(to: lowercased, among: candidates)
    ?? candidates.first { word.count > 1 && $0.hasPrefix(lowercased) }
  return near.map { "; did you mean '\($0)'?" } ?? ""
}
