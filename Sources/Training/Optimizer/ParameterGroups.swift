import Tensors
import Wording

/// Which parameters learn, and at which rates, told by patterns of their names.
public struct ParameterGroups: Sendable, Equatable, Codable {
  /// Rates for the parameters that a pattern matches.
  public struct Group: Sendable, Equatable, Codable {
    /// Pattern of names (`*`, `?`); the first group that matches a parameter counts.
    public var match: String
    /// Learning rate, or nil for the general one.
    public var learningRate: Double?
    /// Weight decay, or nil for the general one.
    public var weightDecay: Double?

    /// Rates for the parameters that a pattern matches.
    public init(match: String, learningRate: Double? = nil, weightDecay: Double? = nil) {
      self.match = match
      self.learningRate = learningRate
      self.weightDecay = weightDecay
    }
  }

  /// Learning rate of parameters that no group names.
  public var learningRate: Double
  /// Weight decay of parameters that no group names.
  public var weightDecay: Double
  /// Groups with rates of their own.
  public var groups: [Group]
  /// Patterns of parameters without weight decay, whatever their group says.
  public var withoutDecay: [String]
  /// Patterns of parameters that do not learn.
  public var frozen: [String]
  /// Factor on the learning rate from each layer of a stack to the one before it (`LayerDecay`);
  /// nil for 1.
  public var layerDecay: Double?

  /// Groups by patterns of names.
  public init(
    learningRate: Double, weightDecay: Double, groups: [Group] = [], withoutDecay: [String] = [],
    frozen: [String] = [], layerDecay: Double? = nil
  ) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.groups = groups
    self.withoutDecay = withoutDecay
    self.frozen = frozen
    self.layerDecay = layerDecay
  }

  /// Freezes what is to be frozen and returns the rates of every parameter, in order.
  ///
  /// - Throws: `TrainingError.patternWithoutParameter` when a pattern matches nothing: a misspelt
  ///   pattern would otherwise silently change nothing; `TrainingError.noLayers` when there is a
  ///   layer decay and no numbered layer.
  public func rates(of parameters: [Parameter]) throws -> [AdamW.Rates] {
    let names = parameters.map(\.name)
    func pattern(_ text: String) throws -> NamePattern {
      let pattern = NamePattern(text)
      guard names.contains(where: pattern.matches) else {
        throw TrainingError.patternWithoutParameter(
          pattern: text, nearest: closestName(to: text, among: names))
      }
      return pattern
    }
    let frozen = try frozen.map(pattern)
    let withoutDecay = try withoutDecay.map(pattern)
    let matchers = try groups.map { (group: $0, pattern: try pattern($0.match)) }
    let layers = try layerDecay.map { try LayerDecay($0, names: names) }
    return parameters.map { parameter in
      if frozen.contains(where: { $0.matches(parameter.name) }) { parameter.isTrainable = false }
      let group = matchers.first { $0.pattern.matches(parameter.name) }?.group
      let decays = !withoutDecay.contains { $0.matches(parameter.name) }
      return AdamW.Rates(
        learningRate: (group?.learningRate ?? learningRate)
          * (layers?.factor(of: parameter.name) ?? 1),
        weightDecay: decays ? group?.weightDecay ?? weightDecay : 0)
    }
  }
}
