/// The entries of a released UniT checkpoint that are no parameters of their own; all others have
/// the names that this program's model has.
public enum UniTNames {
  /// Whether no forward pass needs an entry:
  ///
  /// - `unit_base_model.training_queries.*`: this program's own, for training only;
  /// - `bert_model.module.pooler.*`: BERT's pooler, which UniT does not use;
  /// - `det_losses.<dataset>.empty_weight`: the class weights of the loss, a constant;
  /// - `*.position_ids`: the numbers 0, 1, 2 … that some versions of BERT store;
  /// - `*.num_batches_tracked`: how often a batch normalisation was trained.
  public static func isIgnored(_ name: String) -> Bool {
    name.hasPrefix("bert_model.module.pooler.")
      || name.hasPrefix("unit_base_model.training_queries.")
      || (name.hasPrefix("det_losses.") && name.hasSuffix(".empty_weight"))
      || name.hasSuffix(".position_ids") || name.hasSuffix(".num_batches_tracked")
  }

  /// The name that owns an alias's data, or nil for a name that is no alias.
  ///
  /// MMF registers BERT's embeddings twice, and a shared decoder once by itself and once for each
  /// dataset.
  ///
  /// - Parameter sharesDecoder: whether the checkpoint has a `transformer.decoder`; without it each
  ///   dataset's decoder is its own.
  public static func owner(of name: String, sharesDecoder: Bool) -> String? {
    if name.hasPrefix(embeddings) { return "bert_model.module." + name.dropFirst(11) }
    guard sharesDecoder, name.hasPrefix(decoders) else { return nil }
    let parts = name.dropFirst(decoders.count).split(separator: ".", maxSplits: 2)
    return parts.count == 3 ? decoder + parts[2] : nil
  }

  /// Where a task's own parameters lie: the same places in the same order for every task.
  public static func places(of task: TaskSpec) -> [String] {
    let place = "\(task.group).\(task.name)."
    return [
      decoders + place, "unit_base_model.query_embeds." + place,
      "unit_base_model.reference_boxes." + place, "class_embeds.\(task.name).",
      "bbox_embeds.\(task.name).", "det_losses.\(task.name).", "classifiers." + place,
    ]
  }

  /// What only models that read texts need; MMF builds it for all.
  public static let textParts = [
    "bert_model.", "bert_projection.", "bert_pos_projection.", "task_embeddings_lang.",
  ]
  /// What only models that see pictures need; MMF builds it for all.
  static let imageParts = [
    "backbone.", "input_proj.", "transformer.encoder.", "transformer.enc2dec_proj.",
    "transformer.pos_embed_proj.", "transformer.task_embeddings_enc.",
  ].map { "unit_base_model." + $0 }

  /// The prefix of a shared decoder.
  static let decoder = "unit_base_model.transformer.decoder."
  /// The prefix of the datasets' decoders.
  static let decoders = "unit_base_model.transformer.decoders."
  /// The image encoder's table of task tokens; absent in models without.
  static let imageTokens = "unit_base_model.transformer.task_embeddings_enc.weight"
  private static let embeddings = "bert_model.embeddings."
}
