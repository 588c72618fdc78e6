extension ViLTConfiguration {
  /// Checks that the dimensions describe a model, before anything is allocated.
  ///
  /// - Parameter file: the configuration's file, for error messages.
  /// - Throws: `ConfigurationError.invalid`.
  public func validate(file: String) throws {
    let checker = ConfigurationChecker(file: file)
    try checker.range("schema", schema, 1...1)
    if family != "vilt" { throw checker.invalid("family", "'vilt'", "'\(family)'") }
    try checker.transformer(
      "transformer", transformer.width, transformer.heads, transformer.feedforward,
      transformer.layers, transformer.dropout)
    if !(0...1).contains(transformer.epsilon) {
      throw checker.invalid("transformer.epsilon", "in 0...1", "\(transformer.epsilon)")
    }
    try checker.range("text.vocabulary", text.vocabulary, 1...2_000_000)
    try checker.range("text.positions", text.positions, 2...65_536)
    try checker.range("text.types", text.types, 1...64)
    try checker.range("image.patch", image.patch, 1...1024)
    try checker.range("image.side", image.side, image.patch...16_384)
    try checker.range("image.modalities", image.modalities, 2...64)
    guard tasks.count == 1 else {
      throw checker.invalid("tasks", "one task, questions about pictures", "\(tasks.count)")
    }
    if task.head != "answer" || Set(task.inputs) != [.image, .text] {
      throw checker.invalid(
        "tasks[0]", "the head 'answer' and the inputs image and text",
        "'\(task.head)' and \(task.inputs.map(\.rawValue).joined(separator: ", "))")
    }
    try checker.range("tasks[0].labels (count)", task.labels.count, 1...1_000_000)
    if let tokens = task.maximumTokens {
      try checker.range("tasks[0].maximum_tokens", tokens, 2...text.positions)
    }
  }
}
