import Metrics
import Testing

@Suite struct ConfusionMatrixTests {
  @Test func scoresEqualThoseOfScikitLearn() throws {
    for expected in try ExpectedAnswers.load().classes {
      let matrix = ConfusionMatrix(
        truth: expected.truth, predictions: expected.found, classes: expected.classes)
      #expect(matrix.count == expected.truth.count)
      #expect(abs(matrix.accuracy - expected.accuracy) < 1e-12)
      #expect(abs(matrix.macroF1 - expected.macro) < 1e-12)
      for position in 0..<expected.classes {
        #expect(abs(matrix.precision(position) - expected.precision[position]) < 1e-12)
        #expect(abs(matrix.recall(position) - expected.recall[position]) < 1e-12)
        #expect(abs(matrix.f1(position) - expected.f1[position]) < 1e-12)
      }
    }
  }

  @Test func matthewsCorrelationIsTheCorrelationOfTheClasses() throws {
    for expected in try ExpectedAnswers.load().classes {
      let matrix = ConfusionMatrix(
        truth: expected.truth, predictions: expected.found, classes: expected.classes)
      // Gorodkin: the classes as vectors of 0 and 1, and their covariances summed over the classes.
      func covariance(_ a: [Int], _ b: [Int]) -> Double {
        let n = Double(a.count)
        return (0..<expected.classes).reduce(0) { sum, position in
          let (x, y) = (a.map { $0 == position ? 1.0 : 0 }, b.map { $0 == position ? 1.0 : 0 })
          let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
          return sum + zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
        }
      }
      let spread =
        covariance(expected.truth, expected.truth) * covariance(expected.found, expected.found)
      let correlation =
        spread < 1e-12 ? 0 : covariance(expected.truth, expected.found) / spread.squareRoot()
      #expect(abs(matrix.matthewsCorrelation - correlation) < 1e-12)
    }
    #expect(ConfusionMatrix(classes: 2).matthewsCorrelation == 0)
    let even = ConfusionMatrix(truth: [1, 1, 0, 0, 1], predictions: [1, 0, 0, 1, 1], classes: 2)
    // (2 * 1 - 1 * 1) / sqrt(3 * 3 * 2 * 2)
    #expect(abs(even.matthewsCorrelation - 1.0 / 6) < 1e-12)
  }

  @Test func countsStandByTrueClass() {
    var matrix = ConfusionMatrix(classes: 3)
    #expect(matrix.accuracy.isNaN && matrix.macroF1.isNaN && matrix.f1(0) == 0)
    matrix.add(truth: 0, prediction: 2)
    matrix.add(truth: 1, prediction: 1)
    #expect(matrix[truth: 0, prediction: 2] == 1 && matrix[truth: 2, prediction: 0] == 0)
    #expect(matrix.counts == [0, 0, 1, 0, 1, 0, 0, 0, 0])
    #expect(matrix.accuracy == 0.5)
  }

  @Test func classesOutsideAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var matrix = ConfusionMatrix(classes: 2)
      matrix.add(truth: 0, prediction: 2)
    }
  }
}
