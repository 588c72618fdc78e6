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
