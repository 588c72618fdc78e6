import Tensors

/// Pairs of texts in the words of a recipe's scenes, for tasks that read and see nothing.
///
/// A pair is a pure function of seed, part and number; no pair of one part is in the other. Of both
/// labels each form of a text is as frequent, so that one text of a pair alone tells nothing.
public struct SceneTexts: Sendable {
  /// Two texts with what they are to each other.
  public struct Pair: Sendable, Hashable {
    /// The first text.
    public let first: String
    /// The second one.
    public let second: String
    /// Whether they ask the same, or the second answers the first.
    public let holds: Bool
  }

  /// What a pair is about.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// Two questions: do they ask the same? In the form of QQP.
    case qqp
    /// A question and a statement: does it answer the question? In the form of QNLI.
    case qnli
  }

  private let classes: [SceneRecipe.Class]
  private let split: SceneSplit
  private let key: RandomKey

  /// One of so many pairs belongs to the validation.
  private static let parts: UInt64 = 8

  /// Texts about the classes of a recipe, whose pictures need not be there.
  public init(_ recipe: SceneRecipe, split: SceneSplit, seed: UInt64) {
    classes = recipe.classes
    self.split = split
    key = RandomKey(seed: seed).folding("texts").folding(split.rawValue)
  }

  /// A pair.
  public func pair(_ kind: Kind, at index: Int) -> Pair {
    var random = RandomStream(
      key.folding(kind.rawValue).folding(UInt64(bitPattern: Int64(index))))
    var pair: Pair
    repeat {
      pair =
        switch kind {
        case .qqp: SceneParaphrases(classes).draw(&random)
        case .qnli: SceneAnswerability(classes).draw(&random)
        }
    } while Self.part(of: pair) != split
    return pair
  }

  /// The part that a pair belongs to, whichever of its texts comes first.
  private static func part(of pair: Pair) -> SceneSplit {
    let hash = [pair.first, pair.second].sorted().joined(separator: "\n").utf8
      .reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return (hash >> 32) % parts == 0 ? .validation : .train
  }

  /// The first `count` pairs as the TSV file of GLUE.
  public func table(_ kind: Kind, count: Int) -> String {
    var text =
      switch kind {
      case .qqp: "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"
      case .qnli: "index\tquestion\tsentence\tlabel\n"
      }
    for index in 0..<count {
      let pair = pair(kind, at: index)
      switch kind {
      case .qqp:
        text += "\(index)\t\(2 * index)\t\(2 * index + 1)\t\(pair.first)\t\(pair.second)\t"
        text += pair.holds ? "1\n" : "0\n"
      case .qnli:
        text += "\(index)\t\(pair.first)\t\(pair.second)\t"
        text += pair.holds ? "entailment\n" : "not_entailment\n"
      }
    }
    return text
  }
}

extension SceneRecipe.Class {
  /// Any of the classes.
  static func draw(_ classes: [Self], _ random: inout RandomStream) -> Self {
    classes[random.integer(below: classes.count)]
  }

  /// Another class, as often as not of the same group.
  func another(of classes: [Self], _ random: inout RandomStream) -> Self {
    let others = classes.filter { $0.name != name }
    let near = others.filter { group != nil && $0.group == group }
    if random.chance(0.5), let found = random.pick(near) { return found }
    return others[random.integer(below: others.count)]
  }
}
