import Layers

/// The heads that a task may name; a new head is one line here.
public enum HeadRegistry {
  private static let heads: [(name: String, type: any Head.Type)] = [
    ("detection", DetectionHead.self),
    ("answer", AnswerHead.self),
    ("classification", ClassificationHead.self),
  ]

  /// The names of all heads.
  public static var names: [String] { heads.map(\.name) }

  /// The head that the context's task names.
  ///
  /// - Throws: `ParameterError` when a checkpoint does not fit it.
  public static func head(_ context: HeadContext, in scope: Scope) throws -> any Head {
    guard let entry = heads.first(where: { $0.name == context.task.head }) else {
      preconditionFailure("no head is called \(context.task.head); validate() checks this")
    }
    return try entry.type.init(context, in: scope)
  }
}
