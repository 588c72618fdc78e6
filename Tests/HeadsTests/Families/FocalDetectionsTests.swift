import Tensors
import Testing

@testable import Heads
@testable import Models

/// Which of all queries and classes become detections, in which order, and where.
@Suite struct FocalDetectionsTests {
  private func task(_ labels: [String], ids: [Int]? = nil) -> TaskSpec {
    TaskSpec(
      name: "detection", head: "detection", group: "detection", index: 0, queries: 2,
      inputs: [.image], labels: labels, labelIDs: ids)
  }

  private func detections(
    logits: [Float], boxes: [Float], task: TaskSpec, limit: Int = 100
  ) -> [Detection] {
    let (queries, classes) = (boxes.count / 4, task.labels.count)
    let memory = EncodedSequence(
      states: .zeros([1, 1, 4]), positions: .zeros([1, 1, 4]), padding: nil)
    return focalDetections(
      DetectionOutputs(
        logits: Tensor(logits, shape: [1, queries, classes]),
        boxes: Tensor(boxes, shape: [1, queries, 4]), states: [], memory: memory),
      task: task, size: (width: 200, height: 100), limit: limit)
  }

  private let boxes: [Float] = [0.5, 0.5, 0.5, 0.5, 0.25, 0.5, 0.25, 0.2]

  @Test func everyQueryAndClassIsADetectionOfItsOwn() {
    let found = detections(
      logits: [0, 1, -1, 2, 0, 0.5], boxes: boxes, task: task(["a", "b", "c"], ids: [7, 8, 9]))
    #expect(found.map(\.label) == ["a", "b", "c", "a", "b", "c"])
    #expect(found.map(\.classID) == [7, 8, 9, 7, 8, 9])
    #expect(found[0].box == Detection.Box(x: 25, y: 40, width: 50, height: 20))
    #expect(found[1].box == Detection.Box(x: 50, y: 25, width: 100, height: 50))
    #expect(abs(found[0].score - 0.880797) < 1e-6)
  }

  @Test func theBestAreKept() {
    let found = detections(
      logits: [0, 1, -1, 2, 0, 0.5], boxes: boxes, task: task(["a", "b", "c"]), limit: 2)
    #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
    #expect(found.map(\.classID) == [0, 1])
  }

  @Test func rowsWithoutANameAreReportedAsTransformersDoes() {
    let found = detections(
      logits: [0, 1, -1, 2, 0, 0.5], boxes: boxes, task: task(["", "b", ""]))
    #expect(found.map(\.label) == ["N/A", "b", "N/A", "N/A", "b", "N/A"])
  }
}
