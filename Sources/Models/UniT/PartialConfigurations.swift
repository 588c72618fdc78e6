extension UniTConfiguration {
  /// The tasks that read no text, without the text encoder; nil where there are none.
  public var withoutTexts: UniTConfiguration? {
    var configuration = self
    configuration.text = nil
    configuration.tasks = tasks.filter { !$0.inputs.contains(.text) }
    return configuration.tasks.isEmpty ? nil : configuration
  }

  /// The same without what only a training needs.
  public var answering: UniTConfiguration {
    var configuration = self
    for index in tasks.indices {
      configuration.tasks[index].queryGroups = nil
      configuration.tasks[index].denoising = nil
    }
    return configuration
  }
}
