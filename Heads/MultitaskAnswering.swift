import Inputs
import Models
import Tensors

/// How a UniT answers: the task's head reads the states of the decoder's last layer.
extension MultitaskModel {
  /// The objects in a picture, after a second look where the task takes one.
  public func detect(_ image: Image, task: TaskSpec, attributes: Bool) throws -> [Detection] {
    let original = (image.originalSize.width, image.originalSize.height)
    var request = AnswerRequest(sizes: [original], attributes: attributes)
    if let look = task.secondLook, let preprocessing = task.preprocessing ?? preprocessing {
      request.choose = { all in
        look.chosen(among: all, in: image, network: network, preprocessing: preprocessing)
      }
    }
    let answer = answers(
      images: try batch([image], task: task), texts: nil, task: task, request: request)[0]
    guard case .detections(let found) = answer else { return [] }
    return found
  }

  /// The answers to questions about one picture (or classes of statements about it). The picture is
  /// encoded once; questions of about the same length are answered together.
  public func ask(_ image: Image, _ texts: [String], task: TaskSpec) throws -> [[RankedAnswer]] {
    let images = try batch([image], task: task)
    guard task.inputs.contains(.text) else {
      let answer = ranked(images: images, texts: nil, task: task).first ?? []
      return texts.map { _ in answer }
    }
    let pictures = network.look(at: images, task: task)
    let questions = sequences(texts.map { ($0, nil) }, task: task)
    let byLength = questions.indices.sorted {
      (questions[$0].ids.count, $0) < (questions[$1].ids.count, $1)
    }
    var answers = [[RankedAnswer]](repeating: [], count: texts.count)
    for start in stride(from: 0, to: byLength.count, by: Self.together) {
      let group = byLength[start..<min(byLength.count, start + Self.together)]
      let states = network(
        pictures, texts: batch(of: group.map { questions[$0] }), task: task,
        rows: heads[task.name]?.queriesRead)
      for (question, answer) in zip(group, ranked(states[states.count - 1], task: task)) {
        answers[question] = answer
      }
    }
    return answers
  }

  /// Questions that are answered together: enough to make up for reading the weights and the
  /// picture's keys and values from memory, and no more, because states take memory, too.
  private static let together = 16

  /// The class of a text or of a pair of texts.
  public func read(_ text: String, _ second: String?, task: TaskSpec) throws -> [RankedAnswer] {
    ranked(images: nil, texts: tokens([(text, second)], task: task), task: task).first ?? []
  }

  /// The class of a picture.
  public func classify(_ image: Image, task: TaskSpec) throws -> [RankedAnswer] {
    ranked(images: try batch([image], task: task), texts: nil, task: task).first ?? []
  }

  private func ranked(
    images: ImageBatch?, texts: TokenBatch?, task: TaskSpec
  ) -> [[RankedAnswer]] {
    let states = states(images: images, texts: texts, task: task)
    return ranked(states[states.count - 1], task: task)
  }

  private func ranked(_ states: Tensor, task: TaskSpec) -> [[RankedAnswer]] {
    let answers = stage(.head) {
      heads[task.name]?.answers(states, request: AnswerRequest()) ?? []
    }
    return answers.map { answer in
      guard case .ranked(let ranked) = answer else { return [] }
      return ranked
    }
  }

  /// The encoders' states, the decoder's states after every layer, and the head's outputs.
  public func forward(
    images: ImageBatch?, texts: TokenBatch?, task: TaskSpec
  ) throws -> [(name: String, tensor: Tensor)] {
    let image = images.map { network.encodeImages($0, task: task).memory }
    let text = texts.map { network.encodeTexts($0, task: task) }
    let layers = network.decode(network.memory(image: image, text: text, task: task), task: task)
    var outputs: [(name: String, tensor: Tensor)] = []
    if let image { outputs.append(("encoder_last_hidden_state", image.states)) }
    if let text { outputs.append(("text_last_hidden_state", text.states)) }
    for (layer, decoded) in layers.enumerated() {
      outputs.append(("decoder_hidden_states.\(layer)", decoded.states))
    }
    let last = layers[layers.count - 1]
    outputs.append(("last_hidden_state", last.states))
    let answered = stage(.head) { heads[task.name]?.outputs(last) ?? [] }
    for (name, value) in answered {
      outputs.append((name == "pred_logits" ? "logits" : name, value))
    }
    return outputs
  }
}
