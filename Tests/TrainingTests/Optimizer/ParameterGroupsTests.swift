import Tensors
import Testing
import Training

struct ParameterGroupsTests {
  let parameters = ["backbone.conv.weight", "backbone.conv.bias", "head.weight", "head.bias"]
    .map { Parameter($0, Tensor([0])) }

  @Test(arguments: [
    ("*", "anything", true), ("*.bias", "head.bias", true), ("*.bias", "head.bias.x", false),
    ("a?c", "abc", true), ("a?c", "ac", false), ("a*b*c", "aXbXbYc", true), ("", "", true),
    ("", "a", false), ("**", "", true), ("head", "head.bias", false), ("*a", "aaaa", true),
  ]) func patternMatches(pattern: String, name: String, expected: Bool) {
    #expect(NamePattern(pattern).matches(name) == expected)
  }

  @Test func theFirstGroupCounts() throws {
    let groups = ParameterGroups(
      learningRate: 1, weightDecay: 0.1,
      groups: [
        .init(match: "backbone.*", learningRate: 0.1), .init(match: "*.weight", weightDecay: 0.5),
      ],
      withoutDecay: ["*.bias"])
    let rates = try groups.rates(of: parameters)
    #expect(rates.map(\.learningRate) == [0.1, 0.1, 1, 1])
    #expect(rates.map(\.weightDecay) == [0.1, 0, 0.5, 0])
  }

  @Test func freezesByPattern() throws {
    _ = try ParameterGroups(learningRate: 1, weightDecay: 0, frozen: ["backbone.*"])
      .rates(of: parameters)
    #expect(parameters.map(\.isTrainable) == [false, false, true, true])
  }

  @Test func aPatternThatMatchesNothingIsAnError() {
    let groups = ParameterGroups(learningRate: 1, weightDecay: 0, frozen: ["haed.weight"])
    let error = #expect(throws: TrainingError.self) { try groups.rates(of: parameters) }
    #expect(
      "\(error!)" == "the pattern 'haed.weight' matches no parameter of the model; "
        + "the nearest name is 'head.weight'")
  }
}
