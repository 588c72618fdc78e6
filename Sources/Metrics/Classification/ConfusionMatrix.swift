/// How often each class was taken for each: the source of accuracy, precision, recall and F1.
///
/// The scores equal scikit-learn's with `zero_division=0`.
public struct ConfusionMatrix: Sendable, Equatable {
  /// Number of classes.
  public let classes: Int
  /// Number of examples `[true class, predicted class]`.
  public private(set) var counts: [Int]

  /// A matrix without examples.
  public init(classes: Int) {
    precondition(classes > 0, "\(classes) classes cannot be confused")
    self.classes = classes
    counts = [Int](repeating: 0, count: classes * classes)
  }

  /// The matrix of some examples.
  public init(truth: [Int], predictions: [Int], classes: Int) {
    precondition(
      truth.count == predictions.count,
      "\(truth.count) true classes for \(predictions.count) predictions")
    self.init(classes: classes)
    for (truth, prediction) in zip(truth, predictions) { add(truth: truth, prediction: prediction) }
  }

  /// Adds one example.
  public mutating func add(truth: Int, prediction: Int) {
    precondition(
      (0..<classes).contains(truth) && (0..<classes).contains(prediction),
      "the classes \(truth) and \(prediction) are not in 0..<\(classes)")
    counts[truth * classes + prediction] += 1
  }

  /// Number of examples of one class that were predicted as another.
  public subscript(truth truth: Int, prediction prediction: Int) -> Int {
    counts[truth * classes + prediction]
  }

  /// Number of examples.
  public var count: Int { counts.reduce(0, +) }

  /// Share of examples that were predicted right, NaN without examples.
  public var accuracy: Double {
    let right = (0..<classes).reduce(0) { $0 + self[truth: $1, prediction: $1] }
    return Double(right) / Double(count)
  }

  /// Share of the predictions of a class that are right, 0 without predictions.
  public func precision(_ position: Int) -> Double {
    ratio(
      self[truth: position, prediction: position],
      (0..<classes).reduce(0) { $0 + self[truth: $1, prediction: position] })
  }

  /// Share of the examples of a class that were found, 0 without examples.
  public func recall(_ position: Int) -> Double {
    ratio(
      self[truth: position, prediction: position],
      (0..<classes).reduce(0) { $0 + self[truth: position, prediction: $1] })
  }

  /// Harmonic mean of precision and recall, 0 where neither is positive.
  public func f1(_ position: Int) -> Double {
    let right = self[truth: position, prediction: position]
    let involved = (0..<classes).reduce(0) {
      $0 + self[truth: $1, prediction: position] + self[truth: position, prediction: $1]
    }
    return ratio(2 * right, involved)
  }

  /// Correlation of truth and predictions (Matthews; Gorodkin's for more than two classes), in
  /// `-1...1`; 0 where either side is always the same class.
  public var matthewsCorrelation: Double {
    let truths = (0..<classes).map { truth in
      Double((0..<classes).reduce(0) { $0 + self[truth: truth, prediction: $1] })
    }
    let predictions = (0..<classes).map { prediction in
      Double((0..<classes).reduce(0) { $0 + self[truth: $1, prediction: prediction] })
    }
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let total = Double(count)
    let right = Double((0..<classes).reduce(0) { $0 + self[truth: $1, prediction: $1] })
    let spread =
      (total * total - product(truths, truths))
      * (total * total - product(predictions, predictions))
    guard spread > 0 else { return 0 }
    return (right * total - product(truths, predictions)) / spread.squareRoot()
  }

  /// Mean F1 of the classes that occur in the truth or the predictions, NaN if none does.
  public var macroF1: Double {
    let present = (0..<classes).filter { position in
      (0..<classes).contains {
        self[truth: $0, prediction: position] + self[truth: position, prediction: $0] > 0
      }
    }
    return present.reduce(0) { $0 + f1($1) } / Double(present.count)
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }
}
