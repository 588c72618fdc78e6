import Tensors

extension UniTShapes {
  /// The tasks of the datasets that have queries: the released ones in their order, then others in
  /// the order of the file.
  ///
  /// - Parameter positions: rows of BERT's position table, the longest text.
  func tasks(_ settings: UniTSettings, positions: Int) throws -> [TaskSpec] {
    let queries = "unit_base_model.query_embeds."
    let tasks = try names.compactMap { name -> TaskSpec? in
      guard name.hasPrefix(queries) else { return nil }
      let parts = name.dropFirst(queries.count).split(separator: ".").map(String.init)
      guard parts.count == 3, parts[2] == "weight" else { return nil }
      var task = try task(
        parts[1], group: parts[0], queries: extents(name, "queries", "width")[0],
        settings.tasks[parts[1]] ?? UniTSettings.Task())
      task.maximumTokens = task.maximumTokens.map { min($0, positions) }
      return task
    }
    guard !tasks.isEmpty else {
      throw UniTImportError.missing(
        file: file, name: queries + "<type>.<dataset>.weight", similar: nil)
    }
    let order = TaskSpec.official.map(\.name)
    let places = tasks.map { order.firstIndex(of: $0.name) ?? order.count }
    return tasks.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { tasks[$0] }
  }

  private func task(
    _ name: String, group: String, queries: Int, _ known: UniTSettings.Task
  ) throws -> TaskSpec {
    let released = TaskSpec.official.first { $0.name == name && $0.group == group }
    func unknown() -> UniTImportError { .unknownTask(file: file, name: name, group: group) }
    // Without task tokens the index has no meaning.
    let isTold = has(prefix: "task_embeddings_lang.") || self[UniTNames.imageTokens] != nil
    guard let index = known.index ?? released?.index ?? (isTold ? nil : 0) else { throw unknown() }
    if group == "detection" {
      let rows = try extents("class_embeds.\(name).weight", "classes + 1", "width")[0]
      return .seeing(
        name, index: index, queries: queries,
        labels: labels(released?.labels, rows: rows - 1, "class"),
        attributes: try attributes(name, released?.attributes))
    }
    guard let keepsOnlyCLS = known.keepsOnlyCLS ?? released?.keepsOnlyCLS,
      let isSoft = known.hasSoftAnswers ?? released.map({ $0.head == "answer" })
    else { throw unknown() }
    let rows = try extents("classifiers.\(group).\(name).1.weight", "labels", "width")[0]
    let labels = labels(released?.labels, rows: rows, "answer")
    var task =
      group == "vl"
      ? TaskSpec.answering(name, index: index, queries: queries, labels: labels)
      : TaskSpec.reading(name, index: index, queries: queries, labels: labels)
    task.group = group
    task.head = isSoft ? "answer" : "classification"
    task.keepsOnlyCLS = keepsOnlyCLS
    task.maximumTokens = known.maximumTokens ?? task.maximumTokens
    return task
  }

  private func attributes(_ name: String, _ released: AttributeSpec?) throws -> AttributeSpec? {
    let head = "det_losses.\(name).attribute_head."
    guard has(prefix: head) else { return nil }
    let output = try extents(head + "attr_linear2.weight", "attributes", "hidden")
    return AttributeSpec(
      labels: labels(released?.labels, rows: output[0], "attribute"),
      embedding: try extents(head + "cls_embed.weight", "classes + 1", "embedding")[1],
      hidden: output[1])
  }

  /// The released names where there are as many, else numbers.
  private func labels(_ released: [String]?, rows: Int, _ word: String) -> [String] {
    if let released, released.count == rows { return released }
    return (0..<max(rows, 0)).map { "\(word) \($0)" }
  }
}
