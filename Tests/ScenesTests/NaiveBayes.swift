import Foundation

/// Guesses a label from features that are thought independent.
struct NaiveBayes<Label: Hashable> {
  private var counts: [Label: [String: Double]] = [:]
  private var totals: [Label: Double] = [:]
  private var known: Set<String> = []

  init(_ examples: [([String], Label)]) {
    for (features, label) in examples {
      totals[label, default: 0] += 1
      for feature in features { counts[label, default: [:]][feature, default: 0] += 1 }
      known.formUnion(features)
    }
  }

  func guess(_ features: [String]) -> Label? {
    func score(_ label: Label) -> Double {
      let (own, total) = (counts[label] ?? [:], totals[label] ?? 1)
      return features.filter(known.contains).reduce(log(total)) {
        $0 + log((own[$1, default: 0] + 0.5) / (total + 1))
      }
    }
    return totals.keys.max { score($0) < score($1) }
  }
}
