extension UniTConfiguration {
  /// Checks that the dimensions describe a model, before anything is allocated.
  ///
  /// - Parameters:
  ///   - file: the configuration's file, for error messages.
  ///   - heads: the names of the heads that exist.
  /// - Throws: `ConfigurationError.invalid`.
  public func validate(file: String, heads: [String]) throws {
    let checker = ConfigurationChecker(file: file)
    try checker.range("schema", schema, 1...1)
    if family != "unit" { throw checker.invalid("family", "'unit'", "'\(family)'") }
    if let image { try checker.check(image) }
    if let text { try checker.check(text) }
    try checker.transformer(
      "decoder", decoder.width, decoder.heads, decoder.feedforward, decoder.layers,
      decoder.dropout)
    try checker.range("decoder.layers", decoder.layers, 1...128)
    if image != nil && preprocessing == nil {
      throw checker.invalid("preprocessing", "a table, as the model sees pictures", "nothing")
    }
    if tasks.isEmpty { throw checker.invalid("tasks", "at least one task", "none") }
    var names: Set<String> = []
    for (position, task) in tasks.enumerated() {
      try checker.check(task, at: "tasks[\(position)]", in: self, heads: heads)
      if !names.insert(task.name).inserted {
        throw checker.invalid(
          "tasks[\(position)].name", "a name of its own", "'\(task.name)' again")
      }
    }
  }
}

extension ConfigurationChecker {
  fileprivate func check(_ image: ImageConfiguration) throws {
    try transformer(
      "image", image.width, image.heads, image.feedforward, image.layers, image.dropout)
    if image.width % 4 != 0 {
      throw invalid("image.width", "a multiple of 4", "\(image.width)")
    }
    try range("image.task_embeddings", image.taskEmbeddings, 0...65_536)
    try check(image.backbone, at: "image.backbone")
  }

  func check(_ text: TextConfiguration) throws {
    try transformer("text", text.width, text.heads, text.feedforward, text.layers, text.dropout)
    try range("text.vocabulary", text.vocabulary, 1...2_000_000)
    // A pair needs three special tokens and two types.
    try range("text.positions", text.positions, 3...65_536)
    try range("text.types", text.types, 2...64)
    try range("text.task_embeddings", text.taskEmbeddings, 0...65_536)
  }

  /// What a detection task has in training only.
  private func checkTraining(_ task: TaskSpec, at key: String) throws {
    if let groups = task.queryGroups {
      if task.head != "detection" {
        throw invalid("\(key).query_groups", "nothing, as its head finds no objects", "\(groups)")
      }
      try range("\(key).query_groups", groups, 1...64)
      try range("\(key).query_groups * queries", groups * task.queries, 1...20_000)
    }
    guard let denoising = task.denoising else { return }
    if task.head != "detection" {
      throw invalid("\(key).denoising", "nothing, as its head finds no objects", "noise")
    }
    try range("\(key).denoising.groups", denoising.groups, 1...Denoising.limit)
    for (name, share) in [
      ("label_noise", denoising.labelNoise), ("box_noise", denoising.boxNoise),
    ] where !(share >= 0 && share <= 1) {
      throw invalid("\(key).denoising.\(name)", "in 0...1", "\(share)")
    }
  }

  fileprivate func check(
    _ task: TaskSpec, at key: String, in model: UniTConfiguration, heads: [String]
  ) throws {
    if task.name.isEmpty || task.name.contains(where: { "./ \n".contains($0) }) {
      throw invalid("\(key).name", "a word without dots, slashes and spaces", "'\(task.name)'")
    }
    if task.group.isEmpty || task.group.contains(".") {
      throw invalid("\(key).group", "a word without dots", "'\(task.group)'")
    }
    if !heads.contains(task.head) {
      throw invalid("\(key).head", "one of \(heads.joined(separator: ", "))", "'\(task.head)'")
    }
    try range("\(key).queries", task.queries, 1...10_000)
    try range("\(key).labels (count)", task.labels.count, 1...1_000_000)
    try distinct("\(key).labels", task.labels)
    if task.head == "detection" && task.inputs != [.image] {
      throw invalid(
        "\(key).inputs", "[\"image\"], as its head finds objects",
        "\(task.inputs.map(\.rawValue))")
    }
    if task.hasReferenceBoxes == true {
      if task.head != "detection" {
        throw invalid("\(key).reference_boxes", "false, as its head finds no boxes", "true")
      }
      if model.decoder.width % 4 != 0 {
        throw invalid(
          "decoder.width", "a multiple of 4, as \(key) has reference boxes",
          "\(model.decoder.width)")
      }
    }
    try checkTraining(task, at: key)
    if let threshold = task.threshold, !(threshold >= 0 && threshold < 1) {
      throw invalid("\(key).threshold", "at least 0, below 1", "\(threshold)")
    }
    if let look = task.secondLook {
      if task.head != "detection" {
        throw invalid("\(key).second_look", "nothing, as its head finds no boxes", "a second look")
      }
      guard case .efficientNetLite(let network) = model.image?.backbone,
        !network.classGroups.isEmpty
      else {
        throw invalid(
          "\(key).second_look", "nothing, as the backbone has no class_groups", "a second look")
      }
      try range("\(key).second_look.boxes", look.boxes, 1...100)
      try range("\(key).second_look.side", look.side, 32...1024)
      if !(look.margin >= 1 && look.margin <= 4) {
        throw invalid("\(key).second_look.margin", "in 1...4", "\(look.margin)")
      }
      if let weight = look.weight, !(weight >= 0 && weight <= 1) {
        throw invalid("\(key).second_look.weight", "in 0...1", "\(weight)")
      }
      if let neutral = look.neutral, !(neutral >= 0 && neutral <= 1) {
        throw invalid("\(key).second_look.neutral", "in 0...1", "\(neutral)")
      }
      if !(look.least >= 0 && look.least <= 1) {
        throw invalid("\(key).second_look.least", "in 0...1", "\(look.least)")
      }
      if !(look.overlap > 0 && look.overlap <= 1) {
        throw invalid("\(key).second_look.overlap", "above 0, at most 1", "\(look.overlap)")
      }
    }
    if let ids = task.labelIDs, ids.count != task.labels.count {
      throw invalid("\(key).label_ids", "\(task.labels.count) numbers", "\(ids.count)")
    }
    if let attributes = task.attributes {
      try range("\(key).attributes.labels (count)", attributes.labels.count, 1...1_000_000)
      try range("\(key).attributes.embedding", attributes.embedding, 1...16_384)
      try range("\(key).attributes.hidden", attributes.hidden, 1...16_384)
    }
    if task.inputs.isEmpty || Set(task.inputs).count != task.inputs.count {
      throw invalid(
        "\(key).inputs", "\"image\", \"text\" or both", "\(task.inputs.map(\.rawValue))")
    }
    for input in task.inputs {
      let (exists, rows) =
        switch input {
        case .image: (model.image != nil, model.image?.taskEmbeddings ?? 0)
        case .text: (model.text != nil, model.text?.taskEmbeddings ?? 0)
        }
      if !exists {
        throw invalid("\(key).inputs", "inputs that the model has", "'\(input.rawValue)'")
      }
      if rows > 0 { try range("\(key).index", task.index, 0...rows - 1) }
    }
    if let tokens = task.maximumTokens, let text = model.text {
      try range("\(key).maximum_tokens", tokens, 3...text.positions)
    }
  }
}
