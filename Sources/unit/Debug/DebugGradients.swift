import ArgumentParser
import Checkpoints
import Heads
import Tensors

/// Computes loss and gradients for given tensors.
struct DebugGradients: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Compute the loss and every parameter's gradient for given tensors and targets.",
    discussion: """
      Example:
        unit debug gradients --inputs in.safetensors --outputs out.safetensors --task detection

      IN holds what 'unit debug forward' reads, and targets: for every item N of the batch \
      labels.N [objects], boxes.N [objects, 4] (centre x, y, width, height in fractions) and \
      optionally attributes.N [objects, any] (-1 = none), or answers [batch, labels] or [batch]. \
      OUT holds loss, each term of it, and each gradient under its parameter's name. Dropout is off.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @OptionGroup var files: TensorFiles

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let model = try modelOptions.openTrainable(common.notes)
    let (task, inputs) = try files.read(model, task: modelOptions.task)
    let targets = try inputs.targets(task)
    var terms: [LossTerm] = []
    let (loss, gradients) = try withGradients {
      terms = try model.loss(
        images: inputs.images, texts: inputs.texts, targets: targets, task: task)
      return terms.total
    }
    var written = [(name: "loss", tensor: loss.detached)]
    written += terms.map { ($0.name, $0.value.detached) }
    for parameter in model.parameters {
      if let gradient = gradients[parameter] { written.append((parameter.name, gradient)) }
    }
    try writeSafetensors(written, metadata: ["task": task.name], to: files.outputs)
  }
}
