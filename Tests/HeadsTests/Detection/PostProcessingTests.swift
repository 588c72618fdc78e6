import Heads
import Inputs
import Layers
import Models
import Support
import Tensors
import Testing

/// From the decoder's states to objects, against transformers' `post_process_object_detection`.
@Suite struct PostProcessingTests {
  private let golden = try! Golden("Heads/post_processing.safetensors")

  private func head() throws -> DetectionHead {
    let weights = golden.names(under: "weights.")
    let source = ParameterSource(
      tensors: Dictionary(uniqueKeysWithValues: weights.map { ($0, golden["weights." + $0]) }),
      file: "post_processing.safetensors")
    let task = TaskSpec(
      name: "found", head: "detection", group: "detection", index: 0, queries: 40,
      inputs: [.image], labels: ["a", "b", "c", "d", "e", "f"])
    return try DetectionHead(HeadContext(task: task, width: 8, dropout: 0), in: source.root)
  }

  @Test func objectsEqualTransformers() throws {
    let sizes = golden.integers("sizes")
    let answers = try head().answers(
      golden["states"],
      request: AnswerRequest(
        sizes: (0..<3).map { (width: sizes[2 * $0 + 1], height: sizes[2 * $0]) }))
    for (number, threshold) in golden["thresholds"].elements.enumerated() {
      for (picture, answer) in answers.enumerated() {
        guard case .detections(let all) = answer else {
          Issue.record("no objects")
          continue
        }
        let place = "\(number).\(picture)."
        let scores = golden[place + "scores"].elements
        let labels = golden.integers(place + "labels")
        let boxes = golden[place + "boxes"].elements
        // The reference keeps the order of the queries.
        let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
        let found = all.filter { $0.score > threshold }
        #expect(found.count == scores.count)
        for (object, index) in zip(found, order) {
          #expect(object.classID == labels[index])
          expectClose(object.score, scores[index], absolute: 1e-6)
          let edges = [
            object.box.x, object.box.y, object.box.x + object.box.width,
            object.box.y + object.box.height,
          ]
          expectClose(
            Tensor(edges), Tensor(Array(boxes[4 * index..<4 * index + 4])), absolute: 1e-5,
            relative: 2e-6)
        }
      }
    }
  }

  @Test func scoresMustBeAboveTheThreshold() throws {
    let model = Fixed(scores: [0.9, 0.5, 0.5, 0.1])
    let image = Image(width: 1, height: 1, filledWith: (0, 0, 0))
    #expect(try model.detect(image, threshold: 0.5).count == 1)
    #expect(try model.detect(image, threshold: Float(0.5).nextDown).count == 3)
    #expect(try model.detect(image, threshold: 0.1).count == 3)
    #expect(try model.detect(image, threshold: 0, limit: 2).count == 2)
  }

  /// Finds the same objects in every picture.
  private struct Fixed: AnsweringModel {
    let scores: [Float]
    let family = "fixed"
    let tasks = [
      TaskSpec(
        name: "found", head: "detection", group: "detection", index: 0, queries: 4,
        inputs: [.image], labels: ["a"])
    ]
    let parameters: [Parameter] = []
    let preprocessing: Preprocessing? = nil

    func detect(_ image: Image, task: TaskSpec, attributes: Bool) throws -> [Detection] {
      scores.map {
        Detection(
          label: "a", classID: 0, score: $0, box: .init(x: 0, y: 0, width: 1, height: 1))
      }
    }

    func forward(images: ImageBatch?, texts: TokenBatch?, task: TaskSpec) throws
      -> [(name: String, tensor: Tensor)]
    { [] }

    func files(_ layout: ModelLayout) throws -> ModelFiles {
      throw AnsweringError.noLayout(layout: layout, family: family)
    }
  }
}
