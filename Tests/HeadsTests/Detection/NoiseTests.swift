import Layers
import Models
import Tensors
import Testing

@testable import Heads

/// Noise on true boxes and classes, and figures that tell how a detector learns.
struct NoiseTests {
  private func objects(_ count: Int) -> ObjectTargets {
    ObjectTargets(
      labels: (0..<count).map { $0 % 7 },
      boxes: (0..<count).map {
        .init(
          centerX: 0.2 + 0.01 * Float($0), centerY: 0.6, width: 0.2,
          height: 0.05 * Float(1 + $0 % 8))
      })
  }

  @Test func withoutNoiseObjectsStayThemselves() throws {
    let targets = [objects(2), objects(0), objects(3)]
    let noised = try #require(
      NoisedObjects(
        targets, Denoising(groups: 4, labelNoise: 0, boxNoise: 0), classes: 7,
        key: RandomKey(seed: 1)))
    #expect(noised.boxes.shape == [3, 12, 4] && noised.labels.count == 36)
    #expect(noised.group.length == 3 && noised.group.runs == 4)
    let origins = noised.origins(targets)
    #expect(origins.count == 4 * 5)
    let numbers = noised.boxes.elements
    for (row, picture, object) in origins {
      let box = targets[picture].boxes[object]
      #expect(noised.labels[row] == targets[picture].labels[object])
      #expect(
        Array(numbers[row * 4..<row * 4 + 4]) == [box.centerX, box.centerY, box.width, box.height])
    }
    let valid = try #require(noised.group.padding)
    // Two of three, one for a picture without objects, and all three.
    #expect(valid.count == 36)
    #expect(Array(valid[0..<3]) == [true, true, false])
    #expect(Array(valid[12..<15]) == [true, false, false])
    #expect(valid[24...].allSatisfy { $0 })
  }

  @Test func noiseKeepsToItsLimits() throws {
    let targets = [ObjectTargets](repeating: objects(8), count: 40)
    let spec = Denoising(groups: 5, labelNoise: 0.3, boxNoise: 0.4)
    let noised = try #require(
      NoisedObjects(targets, spec, classes: 7, key: RandomKey(seed: 2)))
    let numbers = noised.boxes.elements
    var (wrong, largest): (Int, Float) = (0, 0)
    let origins = noised.origins(targets)
    for (row, picture, object) in origins {
      let box = targets[picture].boxes[object]
      if noised.labels[row] != targets[picture].labels[object] { wrong += 1 }
      #expect((0..<7).contains(noised.labels[row]))
      let found = Array(numbers[row * 4..<row * 4 + 4])
      #expect(found.allSatisfy { (0...1).contains($0) })
      let moves = [
        abs(found[0] - box.centerX) / (box.width / 2),
        abs(found[1] - box.centerY) / (box.height / 2),
        abs(found[2] - box.width) / box.width, abs(found[3] - box.height) / box.height,
      ]
      #expect(moves.allSatisfy { $0 <= 0.4 + 1e-4 })
      largest = max(largest, moves.max() ?? 0)
    }
    #expect(largest > 0.35)
    // A class at random is the right one in one of seven.
    let share = Float(wrong) / Float(origins.count)
    #expect(abs(share - 0.3 * 6 / 7) < 0.04, "\(share)")
    let again = NoisedObjects(targets, spec, classes: 7, key: RandomKey(seed: 2))
    #expect(again?.boxes.elements == numbers && again?.labels == noised.labels)
    let other = NoisedObjects(targets, spec, classes: 7, key: RandomKey(seed: 3))
    #expect(other?.boxes.elements != numbers)
  }

  @Test func manyObjectsHaveFewerGroups() throws {
    let spec = Denoising(groups: 50)
    #expect(NoisedObjects([objects(0)], spec, classes: 7, key: RandomKey(seed: 1)) == nil)
    let some = NoisedObjects([objects(20)], spec, classes: 7, key: RandomKey(seed: 1))
    #expect(some?.group.runs == Denoising.limit / 20)
    let many = NoisedObjects([objects(300)], spec, classes: 7, key: RandomKey(seed: 1))
    #expect(many?.group.runs == 1 && many?.group.length == 300)
  }

  private func head(_ queries: Int) throws -> DetectionHead {
    var task = TaskSpec(
      name: "toys", head: "detection", group: "detection", index: 0, queries: queries,
      inputs: [.image], labels: ["a", "b", "c", "d", "e", "f", "g"])
    task.hasReferenceBoxes = true
    return try DetectionHead(
      HeadContext(task: task, width: 16, dropout: 0), in: ParameterSource(seed: 1).root)
  }

  @Test func coveredBoxesAreCounted() throws {
    let head = try head(3)
    let truth = objects(2)
    // One query lies on an object, one a little beside it (a third of it covered), one far away.
    func numbers(_ box: ObjectTargets.Box, right: Float = 0) -> [Float] {
      [box.centerX + right, box.centerY, box.width, box.height]
    }
    let boxes =
      numbers(truth.boxes[0]) + numbers(truth.boxes[1], right: 0.1) + [0.9, 0.1, 0.1, 0.1]
    let layer = DecodedLayer(
      states: .zeros([1, 3, 16]), boxes: Tensor(boxes, shape: [1, 3, 4]))
    let found = head.diagnostics(layer, targets: .objects([truth]))
    #expect(found.map(\.name) == ["matched_fraction"] && found[0].value == 0.5)
    #expect(head.diagnostics(layer, targets: .objects([objects(0)])).isEmpty)
  }

  @Test func outputsThatIgnoreThePictureAreSeen() throws {
    let head = try head(3)
    let one = Tensor.normal([1, 3, 16], key: RandomKey(seed: 4))
    func dependence(_ states: Tensor) -> Float? {
      let layer = DecodedLayer(states: states, boxes: .zeros([2, 3, 4]))
      return head.diagnostics(layer, targets: .objects([objects(0), objects(0)]))
        .first { $0.name == "picture_dependence" }?.value
    }
    #expect(dependence(concatenated([one, one], axis: 0)) == 0)
    let other = Tensor.normal([1, 3, 16], key: RandomKey(seed: 5))
    let share = try #require(dependence(concatenated([one, other], axis: 0)))
    #expect(share > 0.2 && share <= 1, "\(share)")
    // Half of the variance of two equally different values lies between the pictures of a column.
    #expect(pictureDependence(Tensor([0, 2, 2, 0], shape: [2, 2])) == 1)
    #expect(pictureDependence(Tensor([0, 2, 0, 2], shape: [2, 2])) == 0)
    #expect(pictureDependence(Tensor([0, 2], shape: [1, 2])) == nil)
  }
}
