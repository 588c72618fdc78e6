/// What the tensors of a released UniT do not tell of it; the values are those of all the released
/// models unless a configuration says otherwise.
public struct UniTSettings: Sendable, Equatable {
  /// Attention heads of the image encoder and of the decoder.
  public var heads = 8
  /// Attention heads of BERT; nil for one for each 64 channels.
  public var textHeads: Int?
  /// Dropout probability of the image encoder and the decoder in training.
  public var dropout: Float = 0.1
  /// DC5; every configuration of the project says so.
  public var dilatesLastStage = true
  /// Whether the projected features are added to the image encoder's output.
  public var addsProjection = true
  /// Whether BERT's vocabulary is lower-case.
  public var lowercases = true
  /// What is known of the datasets' tasks, by the dataset's name.
  public var tasks: [String: Task] = [:]

  /// What is known of a dataset's task.
  public struct Task: Sendable, Equatable {
    /// Row in the tables of task tokens (`task_idx`).
    public var index: Int?
    /// Whether only the text's first state goes to the decoder (`keep_only_bert_cls`).
    public var keepsOnlyCLS: Bool?
    /// Whether any number of answers may be right (`loss_type` is the binary cross-entropy).
    public var hasSoftAnswers: Bool?
    /// Longest text in tokens.
    public var maximumTokens: Int?

    /// A task of which nothing is known yet.
    public init() {}
  }

  /// The settings of the released models.
  public init() {}
}
