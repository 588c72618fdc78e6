import ArgumentParser
import Checkpoints
import Heads
import Models

/// The options of commands that run a model on given tensors.
struct TensorFiles: ParsableArguments {
  @Option(help: "The .safetensors file with the network's inputs (and targets, for gradients).")
  var inputs: String

  @Option(help: "The .safetensors file to write.")
  var outputs: String

  /// The task, the model's first unless one is named, and what it reads.
  ///
  /// - Throws: `ConfigurationError.unknownTask`, `CheckpointError`, `Failure` with the code 65.
  func read(_ model: any AnsweringModel, task: String?) throws -> (TaskSpec, NetworkInputs) {
    let task = try model.task(named: task ?? model.tasks[0].name)
    return (task, try NetworkInputs(SafetensorsFile(contentsOf: inputs), task: task, model: model))
  }
}
