import ArgumentParser
import Checkpoints
import Heads
import Tensors

/// Runs the network on given tensors.
struct DebugForward: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forward",
    abstract: "Run the network on given tensors, without preprocessing, and write its outputs.",
    discussion: """
      Example:
        unit debug forward --inputs in.safetensors --outputs out.safetensors --task vqa

      IN holds pixel_values [batch, 3, height, width], optionally pixel_mask [batch, height, width] \
      (1 = picture), and for a text input_ids, optionally attention_mask and token_type_ids, each \
      [batch, tokens]. OUT holds logits and pred_boxes, attributes, answers (as the task has them), \
      last_hidden_state, decoder_hidden_states.N, encoder_last_hidden_state (picture) and \
      text_last_hidden_state.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @OptionGroup var files: TensorFiles

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let model = try modelOptions.open(common.notes)
    let (task, inputs) = try files.read(model, task: modelOptions.task)
    let written = try model.forward(images: inputs.images, texts: inputs.texts, task: task)
    try writeSafetensors(written, metadata: ["task": task.name], to: files.outputs)
  }
}
