/// A question about a scene and a statement, which answers it or speaks of something else.
///
/// Where it does not answer, the statement is as often of the kind that was asked for, but about
/// another object, as about the same objects, but of another kind: "the dog is above the cat" does
/// not tell whether the dog is left or right of it. Kinds of statements are as frequent with both
/// labels.
struct SceneAnswerability {
  /// What is asked for and told.
  private enum Subject: CaseIterable {
    case colour, number, bigger, across, down

    /// Whether it is about two objects.
    var isAboutTwo: Bool { self != .colour && self != .number }
  }

  private typealias Class = SceneRecipe.Class

  private let classes: [SceneRecipe.Class]

  init(_ classes: [SceneRecipe.Class]) { self.classes = classes }

  /// A pair; as often as not the second answers the first.
  func draw(_ random: inout RandomStream) -> SceneTexts.Pair {
    let asked = random.pick(Subject.allCases) ?? .colour
    let first = Class.draw(classes, &random)
    let second = first.another(of: classes, &random)
    let question = question(asked, first, second, &random)
    if random.chance(0.5) {
      let isTurned = random.chance(0.5) && asked.isAboutTwo
      let (one, other) = isTurned ? (second, first) : (first, second)
      return SceneTexts.Pair(
        first: question, second: statement(asked, one, other, &random), holds: true)
    }
    let isAboutAnother = random.chance(0.5) && (classes.count > 2 || !asked.isAboutTwo)
    var (told, one, other) = (asked, first, second)
    if isAboutAnother {
      // A third one takes the place of either.
      if asked.isAboutTwo, random.chance(0.5) { swap(&one, &other) }
      let others = asked.isAboutTwo ? classes.filter { $0.name != other.name } : classes
      one = one.another(of: others, &random)
    } else {
      told = random.pick(Subject.allCases.filter { $0 != asked }) ?? .colour
    }
    if told.isAboutTwo || asked.isAboutTwo, random.chance(0.5) { swap(&one, &other) }
    return SceneTexts.Pair(
      first: question, second: statement(told, one, other, &random), holds: false)
  }

  private func question(
    _ subject: Subject, _ first: Class, _ second: Class, _ random: inout RandomStream
  ) -> String {
    let (one, other) = (first.name, second.name)
    let texts =
      switch subject {
      case .colour: ["what color is the \(one)?", "which colour does the \(one) have?"]
      case .number:
        ["how many \(first.plural) are there?", "what is the number of \(first.plural)?"]
      case .bigger:
        ["which is bigger, the \(one) or the \(other)?", "is the \(one) bigger than the \(other)?"]
      case .across:
        [
          "is the \(one) left or right of the \(other)?",
          "on which side of the \(other) is the \(one), left or right?",
        ]
      case .down:
        [
          "is the \(one) above or below the \(other)?",
          "is the \(one) higher or lower than the \(other)?",
        ]
      }
    return texts[random.integer(below: texts.count)]
  }

  private func statement(
    _ subject: Subject, _ first: Class, _ second: Class, _ random: inout RandomStream
  ) -> String {
    let (one, other) = (first.name, second.name)
    let isFirst = random.chance(0.5)
    let colour = random.pick(SceneColour.allCases)?.rawValue ?? ""
    let number = random.integer(1...6)
    let things = "\(SceneWords.number(number)) \(number == 1 ? one : first.plural)"
    let side = SceneSide(isAcross: subject == .across, isBefore: isFirst)
    let texts =
      switch subject {
      case .colour: ["the \(one) is \(colour).", "the color of the \(one) is \(colour)."]
      case .number:
        ["there \(number == 1 ? "is" : "are") \(things).", "the picture shows \(things)."]
      case .bigger:
        isFirst
          ? ["the \(one) is bigger than the \(other)."]
          : ["the \(one) is smaller than the \(other)."]
      case .across, .down: ["the \(one) is \(side.words) the \(other)."]
      }
    return texts[random.integer(below: texts.count)]
  }
}
