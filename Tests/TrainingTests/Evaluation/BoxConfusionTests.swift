import Heads
import Models
import Testing

@testable import Training

struct BoxConfusionTests {
  private let task = TaskSpec(
    name: "shapes", head: "detection", group: "detection", index: 0, queries: 5, inputs: [.image],
    labels: ["", "circle", "square"], labelIDs: [0, 10, 20])
  private let box = Detection.Box(x: 10, y: 10, width: 20, height: 20)
  private let far = Detection.Box(x: 100, y: 10, width: 20, height: 20)

  private func found(_ id: Int, _ score: Float, _ box: Detection.Box) -> Detection {
    Detection(label: "x", classID: id, score: score, box: box)
  }

  @Test func everyObjectAndDetectionIsCountedOnce() {
    var confusion = BoxConfusion(task)
    let rightness = confusion.add(
      [(1, box), (2, far), (1, far)],
      [
        found(10, 0.9, box), found(10, 0.8, box), found(10, 0.7, far), found(20, 0.1, far),
        found(99, 0.5, far),
      ])
    let matrix = confusion.matrix
    #expect(matrix.classes == 4)
    #expect(matrix[truth: 1, prediction: 1] + matrix[truth: 2, prediction: 1] == 2)
    #expect(matrix[truth: 3, prediction: 1] == 1)
    #expect(matrix.count <= 5)
    #expect(rightness > 0 && rightness < 1)
  }

  @Test func thePerfectAndTheEmptyPictureAreRight() {
    var confusion = BoxConfusion(task)
    #expect(confusion.add([(1, box)], [found(10, 0.9, box)]) == 1)
    #expect(confusion.add([], []) == 1)
    #expect(confusion.add([(1, box)], []) == 0)
    #expect(confusion.add([], [found(10, 0.9, box)]) == 0)
    #expect(confusion.matrix[truth: 1, prediction: 3] == 1)
    #expect(confusion.matrix[truth: 3, prediction: 1] == 1)
  }
}
