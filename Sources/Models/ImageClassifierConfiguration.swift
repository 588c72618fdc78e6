import Inputs

/// Every dimension of an image classifier, as `config.json` holds them.
public struct ImageClassifierConfiguration: Codable, Sendable, Equatable {
  /// Version of this file's form; 1.
  public var schema: Int
  /// Family of the model: `resnet` or `efficientnet`.
  public var family: String
  /// The convolutional network.
  public var backbone: BackboneConfiguration
  /// The one task, whose labels are the rows of the class layer.
  public var tasks: [TaskSpec]
  /// How a picture becomes the network's input.
  public var preprocessing: Preprocessing

  /// A classifier with the given classes.
  public init(backbone: BackboneConfiguration, labels: [String], preprocessing: Preprocessing) {
    schema = 1
    family = Self.family(of: backbone)
    self.backbone = backbone
    tasks = [
      TaskSpec(
        name: "classes", head: "classification", group: "classification", index: 0, queries: 1,
        inputs: [.image], labels: Self.toldApart(labels))
    ]
    self.preprocessing = preprocessing
  }

  /// The labels with the row behind those that stood before: two of ImageNet's classes are both
  /// called "crane" in the published lists.
  public static func toldApart(_ labels: [String]) -> [String] {
    var seen: Set<String> = []
    return labels.enumerated().map { row, label in
      label.isEmpty || seen.insert(label).inserted ? label : "\(label) (\(row))"
    }
  }

  /// The families' names.
  public static let families = ["resnet", "efficientnet"]

  private static func family(of backbone: BackboneConfiguration) -> String {
    backbone.resNet == nil ? families[1] : families[0]
  }

  /// Checks that the dimensions describe a model, before anything is allocated.
  ///
  /// - Parameter file: the configuration's file, for error messages.
  /// - Throws: `ConfigurationError.invalid`.
  public func validate(file: String) throws {
    let checker = ConfigurationChecker(file: file)
    try checker.range("schema", schema, 1...1)
    let expected = Self.family(of: backbone)
    if family != expected { throw checker.invalid("family", "'\(expected)'", "'\(family)'") }
    try checker.check(backbone, at: "backbone")
    if tasks.count != 1 { throw checker.invalid("tasks", "one task", "\(tasks.count)") }
    let task = tasks[0]
    if task.head != "classification" || task.inputs != [.image] {
      throw checker.invalid(
        "tasks[0]", "a task with the head 'classification' and the input 'image'",
        "the head '\(task.head)' and the inputs \(task.inputs.map(\.rawValue))")
    }
    try checker.range("tasks[0].labels (count)", task.labels.count, 1...1_000_000)
    try checker.distinct("tasks[0].labels", task.labels)
    if let ids = task.labelIDs, ids.count != task.labels.count {
      throw checker.invalid("tasks[0].label_ids", "\(task.labels.count) numbers", "\(ids.count)")
    }
  }
}
