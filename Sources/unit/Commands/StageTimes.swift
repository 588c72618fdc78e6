import Heads
import Inputs
import Models
import Tensors

/// Measures the stages of runs that all go through the same stages.
struct StageTimes {
  private var stages: [(name: String, milliseconds: [Double])] = []

  /// The median of each stage in milliseconds, in the order in which the stages first ran.
  var medians: [(name: String, median: Double)] {
    stages.map { stage in
      let sorted = stage.milliseconds.sorted()
      let upper = sorted[sorted.count / 2]
      return (
        stage.name, sorted.count % 2 == 1 ? upper : (sorted[sorted.count / 2 - 1] + upper) / 2
      )
    }
  }

  /// Runs a stage and notes how long it took.
  mutating func measure<Result>(
    _ name: String, _ body: () throws -> Result
  ) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try body()
    let passed = start.duration(to: .now).milliseconds
    if let index = stages.firstIndex(where: { $0.name == name }) {
      stages[index].milliseconds.append(passed)
    } else {
      stages.append((name, [passed]))
    }
    return result
  }

  /// The last decoder layer's states, as `MultitaskModel.states` gives them, stage by stage.
  mutating func states(
    of model: MultitaskModel, images: ImageBatch?, texts: TokenBatch?, task: TaskSpec
  ) -> Tensor {
    let network = model.network
    let image = images.map { images in
      let features = measure("backbone") { network.imageFeatures(images) }
      return measure("image encoder") {
        network.encodeImages(images, features: features, task: task).memory
      }
    }
    let text = texts.map { texts in
      measure("text encoder") { network.encodeTexts(texts, task: task) }
    }
    return measure("decoder") {
      let memory = network.memory(image: image, text: text, task: task)
      return network.decode(memory, task: task).last!
    }
  }
}
