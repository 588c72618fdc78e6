/// Two questions about scenes, which ask the same or nearly the same.
///
/// Both are worded in two different ways. Where they do not ask the same, one word has another in its
/// place, or two objects are swapped: "is the dog left of the cat?" asks the same as "is the cat
/// right of the dog?", and not the same as "is the cat left of the dog?".
struct SceneParaphrases {
  /// What is asked for.
  private struct Meaning: Equatable {
    var first: SceneRecipe.Class
    var second: SceneRecipe.Class
    var colour: SceneColour
    var side: SceneSide

    static func == (one: Meaning, other: Meaning) -> Bool {
      one.first.name == other.first.name && one.second.name == other.second.name
        && one.colour == other.colour && one.side == other.side
    }
  }

  /// The words that matter for a form of question, and how it is put.
  private struct Form {
    var hasSecond = false
    var hasColour = false
    var hasSide = false
    let wordings: [@Sendable (Meaning) -> String]
  }

  private let classes: [SceneRecipe.Class]

  init(_ classes: [SceneRecipe.Class]) { self.classes = classes }

  /// A pair; as often as not the two ask the same.
  func draw(_ random: inout RandomStream) -> SceneTexts.Pair {
    let form = Self.forms[random.integer(below: Self.forms.count)]
    let wordings = random.shuffled(Array(form.wordings.indices)).map { form.wordings[$0] }
    let first = SceneRecipe.Class.draw(classes, &random)
    let meaning = Meaning(
      first: first, second: first.another(of: classes, &random),
      colour: random.pick(SceneColour.allCases) ?? .red, side: SceneSide.draw(&random))
    let isSame = random.chance(0.5)
    let other = isSame ? meaning : changed(meaning, form, &random)
    return SceneTexts.Pair(first: wordings[0](meaning), second: wordings[1](other), holds: isSame)
  }

  /// Another question of the same form that shares all words but one, or all.
  private func changed(
    _ meaning: Meaning, _ form: Form, _ random: inout RandomStream
  ) -> Meaning {
    var changes: [Change] = [.first]
    if form.hasSecond { changes += [.second, .swap, .swap] }
    if form.hasColour { changes += [.colour] }
    if form.hasSide { changes += [.side] }
    var result = meaning
    switch random.pick(changes) ?? .first {
    case .first:
      let others = classes.filter { $0.name != meaning.second.name || !form.hasSecond }
      guard others.contains(where: { $0.name != meaning.first.name }) else {
        swap(&result.first, &result.second)
        break
      }
      result.first = meaning.first.another(of: others, &random)
    case .second:
      let others = classes.filter { $0.name != meaning.first.name }
      guard others.count > 1 else {
        swap(&result.first, &result.second)
        break
      }
      result.second = meaning.second.another(of: others, &random)
    case .swap: swap(&result.first, &result.second)
    case .colour:
      result.colour =
        random.pick(SceneColour.allCases.filter { $0 != meaning.colour }) ?? meaning.colour
    case .side: result.side = meaning.side.opposite
    }
    return result
  }

  private enum Change { case first, second, swap, colour, side }

  private static let forms: [Form] = [
    Form(wordings: [
      { "is there \(SceneWords.one($0.first.name))?" },
      { "do you see \(SceneWords.one($0.first.name))?" },
      { "does the picture show \(SceneWords.one($0.first.name))?" },
      { "can \(SceneWords.one($0.first.name)) be seen?" },
    ]),
    Form(wordings: [
      { "how many \($0.first.plural) are there?" },
      { "how many \($0.first.plural) are in the picture?" },
      { "what is the number of \($0.first.plural)?" },
      { "what number of \($0.first.plural) do you see?" },
    ]),
    Form(wordings: [
      { "what color is the \($0.first.name)?" },
      { "which colour does the \($0.first.name) have?" },
      { "what is the color of the \($0.first.name)?" },
    ]),
    Form(
      hasColour: true,
      wordings: [
        { "is there \(SceneWords.one("\($0.colour.rawValue) \($0.first.name)"))?" },
        { "is one of the \($0.first.plural) \($0.colour.rawValue)?" },
        { "do you see \(SceneWords.one($0.first.name)) that is \($0.colour.rawValue)?" },
      ]),
    Form(
      hasSecond: true, hasSide: true,
      wordings: [
        { "is the \($0.first.name) \($0.side.words) the \($0.second.name)?" },
        { "is the \($0.second.name) \($0.side.opposite.words) the \($0.first.name)?" },
        {
          "does the picture show the \($0.first.name) \($0.side.words) the \($0.second.name)?"
        },
      ]),
    Form(
      hasSecond: true,
      wordings: [
        { "is the \($0.first.name) bigger than the \($0.second.name)?" },
        { "is the \($0.second.name) smaller than the \($0.first.name)?" },
        { "does the \($0.first.name) look bigger than the \($0.second.name)?" },
      ]),
    Form(
      hasSecond: true,
      wordings: [
        { "are there more \($0.first.plural) than \($0.second.plural)?" },
        { "are there fewer \($0.second.plural) than \($0.first.plural)?" },
        { "do the \($0.first.plural) outnumber the \($0.second.plural)?" },
      ]),
  ]
}
