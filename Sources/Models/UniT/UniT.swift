import Inputs
import Layers
import Tensors

/// UniT's network from inputs to decoder states (Hu and Singh, UniT: Multimodal Multitask Learning
/// with a Unified Transformer, 2021); the heads turn its states into answers.
///
/// A picture and a text each become a sequence of states. The sequences that a task reads are
/// joined and read by one decoder, shared by all tasks or the task's own, with the task's queries.
public struct UniT: Sendable {
  /// Every dimension and the table of tasks.
  public let configuration: UniTConfiguration
  private let imageEncoder: ImageEncoder?
  private let textEncoder: TextEncoder?
  private let imageProjection: Linear?
  private let imagePositionProjection: Linear?
  private let textProjection: Linear?
  private let textPositionProjection: Linear?
  private let decoders: [String: QueryDecoder]
  private let queries: [String: Embedding]
  private let boxes: [String: ReferenceBoxes]
  private let training: [String: TrainingQueries]

  /// A network with the official UniT's parameter names; `scope` is the root.
  public init(_ configuration: UniTConfiguration, in scope: Scope) throws {
    self.configuration = configuration
    let width = configuration.decoder.width
    let base = scope["unit_base_model"]
    imageEncoder = try configuration.image.map { try ImageEncoder($0, in: base) }
    if let image = configuration.image, image.width != width {
      imageProjection = try Linear(image.width, width, in: base["transformer.enc2dec_proj"])
      imagePositionProjection = try Linear(
        image.width, width, in: base["transformer.pos_embed_proj"])
    } else {
      imageProjection = nil
      imagePositionProjection = nil
    }
    textEncoder = try configuration.text.map { try TextEncoder($0, in: scope) }
    textProjection = try configuration.text.map {
      try Linear($0.width, width, in: scope["bert_projection"])
    }
    textPositionProjection = try configuration.text.map {
      try Linear($0.width, width, in: scope["bert_pos_projection"])
    }
    var decoders: [String: QueryDecoder] = [:]
    var queries: [String: Embedding] = [:]
    var boxes: [String: ReferenceBoxes] = [:]
    var training: [String: TrainingQueries] = [:]
    let shared =
      configuration.decoder.isShared
      ? try QueryDecoder(
        configuration.decoder,
        readsBoxes: configuration.tasks.contains { $0.hasReferenceBoxes == true },
        in: base["transformer.decoder"]) : nil
    for task in configuration.tasks {
      let place = "\(task.group).\(task.name)"
      decoders[task.name] =
        try shared
        ?? QueryDecoder(
          configuration.decoder, readsBoxes: task.hasReferenceBoxes == true,
          in: base["transformer.decoders"][place])
      queries[task.name] = try Embedding(
        rows: task.queries, width: width, in: base["query_embeds"][place])
      if task.hasReferenceBoxes == true {
        boxes[task.name] = try ReferenceBoxes(task, width: width, base: base, in: scope)
      }
      training[task.name] = try TrainingQueries(
        task, width: width, in: base["training_queries"][place])
    }
    self.decoders = decoders
    self.queries = queries
    self.boxes = boxes
    self.training = training
  }

  /// The convolutional network's features of pictures, `[batch, height, width, channels]`.
  public func imageFeatures(_ images: ImageBatch) -> Tensor {
    guard let imageEncoder else { preconditionFailure("the model has no image encoder") }
    return stage(.backbone) { imageEncoder.features(of: images.pixels) }
  }

  /// The names of the groups of classes that the backbone tells; empty where it tells none.
  public var groupNames: [String] { imageEncoder?.detailed?.groupNames ?? [] }

  /// How probable it is that whole pictures show each of the backbone's groups of classes.
  ///
  /// - Parameter pixels: `[batch, 3, height, width]`
  /// - Returns: `[batch, groups]`
  public func groups(of pixels: Tensor) -> Tensor {
    guard let network = imageEncoder?.detailed else {
      preconditionFailure("the backbone tells no groups of classes")
    }
    return stage(.backbone) { network.groups(of: pixels) }
  }

  /// Encodes pictures for a task, in the encoder's own width.
  ///
  /// - Parameter features: what `imageFeatures` gave for them, or nil to compute it.
  public func encodeImages(
    _ images: ImageBatch, features: Tensor? = nil, task: TaskSpec
  ) -> ImageEncoder.Output {
    guard let imageEncoder else { preconditionFailure("the model has no image encoder") }
    let features = features ?? imageFeatures(images)
    return stage(.encoder) { imageEncoder(images, features: features, taskIndex: task.index) }
  }

  /// Encodes texts for a task, in the encoder's own width.
  public func encodeTexts(_ texts: TokenBatch, task: TaskSpec) -> EncodedSequence {
    guard let textEncoder else { preconditionFailure("the model has no text encoder") }
    return stage(.text) { textEncoder(texts, taskIndex: task.index) }
  }

  /// What the decoder reads: image tokens, then text tokens, in the decoder's width.
  public func memory(
    image: EncodedSequence?, text: EncodedSequence?, task: TaskSpec
  ) -> EncodedSequence {
    let seen = image.map { sequence in
      EncodedSequence(
        states: imageProjection?(sequence.states) ?? sequence.states,
        positions: imagePositionProjection?(sequence.positions) ?? sequence.positions,
        padding: sequence.padding)
    }
    let read = text.map { sequence in
      let kept = task.keepsOnlyCLS ? sequence.first : sequence
      return EncodedSequence(
        states: textProjection?(kept.states) ?? kept.states,
        positions: textPositionProjection?(kept.positions) ?? kept.positions,
        padding: kept.padding)
    }
    switch (seen, read) {
    case (let seen?, let read?): return seen.followed(by: read)
    case (let seen?, nil): return seen
    case (nil, let read?): return read
    case (nil, nil): preconditionFailure("the task \(task.name) has neither picture nor text")
    }
  }

  /// What the decoder gives after every layer, `[batch, queries, width]`.
  public func decode(_ memory: EncodedSequence, task: TaskSpec) -> [DecodedLayer] {
    decode(memory, task: task, further: nil)
  }

  /// What the decoder gives in a step of training, where a task may have further queries.
  ///
  /// - Parameter noised: objects to restore, for a task with denoising.
  public func decode(
    _ memory: EncodedSequence, task: TaskSpec, noised: NoisedObjects?
  ) -> TrainingLayers {
    let further = training[task.name]?.queries(batch: memory.states.shape[0], noised: noised)
    let layers = decode(memory, task: task, further: further)
    guard further != nil else { return TrainingLayers(groups: [layers]) }
    let (groups, count) = (task.queryGroups ?? 1, task.queries)
    return TrainingLayers(
      groups: (0..<groups).map { group in
        layers.map { $0.sliced(group * count..<(group + 1) * count) }
      },
      restored: noised.map { noised in
        layers.map { $0.sliced(groups * count..<groups * count + noised.group.count) }
      })
  }

  private func decode(
    _ memory: EncodedSequence, task: TaskSpec, further: FurtherQueries?
  ) -> [DecodedLayer] {
    let (decoder, queries) = decoder(of: task)
    return stage(.decoder) {
      if let boxes = boxes[task.name] {
        return decoder(memory, queries: queries, boxes: boxes, further: further)
      }
      return decoder(memory, queries: queries, further: further)
        .map { DecodedLayer(states: $0) }
    }
  }

  /// From inputs to what the decoder gives after every layer, `[batch, queries, width]`.
  public func callAsFunction(
    images: ImageBatch?, texts: TokenBatch?, task: TaskSpec
  ) -> [DecodedLayer] {
    decode(
      memory(
        image: images.map { encodeImages($0, task: task).memory },
        text: texts.map { encodeTexts($0, task: task) }, task: task), task: task)
  }

  /// Encodes pictures once for many texts: what a task's decoder reads of them. Without gradients.
  public func look(at images: ImageBatch, task: TaskSpec) -> PictureMemory {
    let seen = memory(image: encodeImages(images, task: task).memory, text: nil, task: task)
    return stage(.decoder) {
      PictureMemory(task: task.name, read: decoder(of: task).decoder.read(seen))
    }
  }

  /// The decoder's states for texts about pictures that were looked at for the same task: as many
  /// texts as pictures, or any number about one picture.
  ///
  /// - Parameter rows: how many of the first queries the last layer's states are wanted for; nil for
  ///   all.
  /// - Returns: the same as from pictures and texts together, `[batch, queries, width]` each, the
  ///   last `[batch, rows, width]`.
  public func callAsFunction(
    _ pictures: PictureMemory, texts: TokenBatch?, task: TaskSpec, rows: Int? = nil
  ) -> [Tensor] {
    precondition(
      pictures.task == task.name,
      "pictures looked at for the task \(pictures.task) are asked for the task \(task.name)")
    precondition(boxes[task.name] == nil, "the task \(task.name) has boxes and reads no texts")
    let text = texts.map { memory(image: nil, text: encodeTexts($0, task: task), task: task) }
    let (decoder, queries) = decoder(of: task)
    return stage(.decoder) {
      decoder(pictures.read, followedBy: text, queries: queries, rows: rows)
    }
  }

  private func decoder(of task: TaskSpec) -> (decoder: QueryDecoder, queries: Tensor) {
    guard let decoder = decoders[task.name], let queries = queries[task.name] else {
      preconditionFailure("the task \(task.name) is not in the configuration")
    }
    return (decoder, queries.weight.tensor)
  }
}

/// Pictures as a task's decoder reads them: its layers' keys and values.
///
/// The picture encoder sees the task's token, and tasks may have decoders of their own: hence it is
/// good for one task only.
public struct PictureMemory: Sendable {
  /// Name of the task.
  public let task: String
  let read: DecoderMemory
}

extension EncodedSequence {
  /// The first token alone: BERT's `[CLS]`, which is never padding.
  fileprivate var first: EncodedSequence {
    EncodedSequence(
      states: states.sliced(axis: 1, range: 0..<1),
      positions: positions.sliced(axis: 1, range: 0..<1), padding: nil)
  }
}
