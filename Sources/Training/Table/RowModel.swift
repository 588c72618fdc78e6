import Layers
import Models
import Tensors

extension UniTConfiguration {
  /// The model of a table's row: some of the tasks, the encoders that they read, and no others.
  ///
  /// - Parameters:
  ///   - names: the tasks that stay.
  ///   - hasTaskTokens: false takes the tables of task tokens away.
  func row(of names: [String], sharesDecoder: Bool, hasTaskTokens: Bool) -> UniTConfiguration {
    var row = self
    row.tasks = tasks.filter { names.contains($0.name) }
    func isRead(_ input: TaskSpec.Input) -> Bool {
      row.tasks.contains { $0.inputs.contains(input) }
    }
    if !isRead(.image) { (row.image, row.preprocessing) = (nil, nil) }
    if !isRead(.text) { row.text = nil }
    row.decoder.isShared = sharesDecoder
    if !hasTaskTokens {
      row.image?.taskEmbeddings = 0
      row.text?.taskEmbeddings = 0
    }
    return row
  }

  /// Whether an encoder is told its task by a token.
  var hasTaskTokens: Bool { image?.taskEmbeddings ?? 0 > 0 || text?.taskEmbeddings ?? 0 > 0 }
}

extension ParameterGroups {
  /// The groups without patterns that match none of the names: those of an encoder that a model
  /// does not have.
  func restricted(to names: [String]) -> ParameterGroups {
    func matches(_ pattern: String) -> Bool {
      names.contains(where: NamePattern(pattern).matches)
    }
    var restricted = self
    restricted.groups = groups.filter { matches($0.match) }
    restricted.withoutDecay = withoutDecay.filter(matches)
    restricted.frozen = frozen.filter(matches)
    return restricted
  }
}
