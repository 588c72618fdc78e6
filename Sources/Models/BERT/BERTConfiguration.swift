/// Every dimension of a BERT by itself and how it makes one vector of a text, as `config.json`
/// holds them.
public struct BERTConfiguration: Codable, Sendable, Equatable {
  /// Version of this file's form; 1.
  public var schema: Int
  /// Family of the model: `bert`.
  public var family: String
  /// The network; it has no task tokens.
  public var text: TextConfiguration
  /// Added to the variances of the layer normalisations.
  public var epsilon: Float
  /// Whether the network has a pooler.
  public var hasPooler: Bool
  /// How the states become one vector.
  public var pooling: TextPooling
  /// Whether that vector is divided by its length.
  public var normalizes: Bool
  /// The one task.
  public var tasks: [TaskSpec]

  enum CodingKeys: String, CodingKey {
    case schema, family, text, pooling, tasks
    case epsilon = "layer_norm_epsilon"
    case hasPooler = "pooler"
    case normalizes = "normalize"
  }

  /// A network with the task `similarity`.
  ///
  /// - Parameter maximumTokens: longest text in tokens; nil for as long as the network can.
  public init(
    text: TextConfiguration, epsilon: Float, hasPooler: Bool, pooling: TextPooling = .mean,
    normalizes: Bool = true, maximumTokens: Int? = nil
  ) {
    schema = 1
    family = "bert"
    self.text = text
    self.epsilon = epsilon
    self.hasPooler = hasPooler
    self.pooling = pooling
    self.normalizes = normalizes
    tasks = [
      TaskSpec(
        name: "similarity", head: "embedding", group: "text", index: 0, queries: 1,
        inputs: [.text], labels: ["similarity"], maximumTokens: maximumTokens)
    ]
  }

  /// Checks that the dimensions describe a model, before anything is allocated.
  ///
  /// - Parameter file: the configuration's file, for error messages.
  /// - Throws: `ConfigurationError.invalid`.
  public func validate(file: String) throws {
    let checker = ConfigurationChecker(file: file)
    try checker.range("schema", schema, 1...1)
    if family != "bert" { throw checker.invalid("family", "'bert'", "'\(family)'") }
    try checker.check(text)
    try checker.range("text.task_embeddings", text.taskEmbeddings, 0...0)
    if !(epsilon > 0 && epsilon < 1) {
      throw checker.invalid("layer_norm_epsilon", "between 0 and 1", "\(epsilon)")
    }
    if tasks.count != 1 { throw checker.invalid("tasks", "one task", "\(tasks.count)") }
    if tasks[0].head != "embedding" || tasks[0].inputs != [.text] {
      throw checker.invalid(
        "tasks[0]", "a task with the head 'embedding' and the input 'text'",
        "the head '\(tasks[0].head)' and the inputs \(tasks[0].inputs.map(\.rawValue))")
    }
    if let tokens = tasks[0].maximumTokens {
      try checker.range("tasks[0].maximum_tokens", tokens, 3...text.positions)
    }
  }
}
