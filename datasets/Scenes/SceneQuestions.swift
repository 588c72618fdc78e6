/// Asks about a scene so that the answer cannot be guessed without looking.
///
/// Of a question with two answers the answer is drawn first, by a fair coin, and then a question that
/// has it. Classes are equally likely to be there and to be asked for; colours are asked for as often
/// as their rarity demands; numbers are asked of a class whose number was drawn before the scene.
struct SceneQuestions {
  private let content: SceneContent
  private let kinds: [SceneMaterial.Kind]

  init(_ content: SceneContent, _ kinds: [SceneMaterial.Kind]) {
    (self.content, self.kinds) = (content, kinds)
  }

  private typealias Asked = (text: String, answer: String)

  /// Up to `count` questions, no two the same.
  func draw(_ count: Int, _ random: inout RandomStream) -> [Scene.Question] {
    var result: [Scene.Question] = []
    for round in 0..<2 {
      for kind in random.shuffled(Scene.Question.Kind.allCases) where result.count < count {
        // There is one number and, where this is asked, one name: again it would be "no" more often.
        if round > 0 && (kind == .count || kind == .isIt) { continue }
        guard let asked = ask(kind, &random) else { continue }
        guard !result.contains(where: { $0.text == asked.text }) else { continue }
        result.append(Scene.Question(kind: kind, text: asked.text, answer: asked.answer))
      }
    }
    return result
  }

  private func ask(_ kind: Scene.Question.Kind, _ random: inout RandomStream) -> Asked? {
    switch kind {
    case .what: what(&random)
    case .isIt: isIt(&random)
    case .exist: random.chance(0.7) ? exists(&random) : existsInColour(&random)
    case .colour: colour(&random)
    case .count: number(&random)
    case .relation: random.chance(0.25) ? neighbour(&random) : relation(&random)
    case .bigger: bigger(&random)
    }
  }

  private func name(_ index: Int) -> String { kinds[index].name }

  /// The one labelled object where there is no other, and no cut-out without a label.
  private var lone: Scene.Object? {
    content.objects.count == 1 && !content.hasDistractors ? content.objects[0].object : nil
  }

  // MARK: Names

  private func what(_ random: inout RandomStream) -> Asked? {
    if let lone, random.chance(0.7) {
      var texts = ["what is this?", "what is in the picture?", "what is in the image?"]
      if let group = group(of: lone) {
        texts += ["what \(group) is this?", "what \(group) is in the picture?"]
      }
      return random.pick(texts).map { ($0, lone.label) }
    }
    if !content.hasDistractors, random.chance(0.5) {
      let single = content.objects.filter { known in
        guard let group = group(of: known.object) else { return false }
        return content.objects.count { kinds[$0.object.classIndex].group == group } == 1
      }
      guard let object = random.pick(single)?.object, let group = group(of: object) else {
        return nil
      }
      return ("what \(group) is in the picture?", object.label)
    }
    guard let object = random.pick(content.uniqueByColour)?.object, let colour = object.colour
    else { return nil }
    return ("what is the \(colour.rawValue) thing?", object.label)
  }

  /// The group of an object, if it has so many classes that its name does not tell the class.
  private func group(of object: Scene.Object) -> String? {
    let group = kinds[object.classIndex].group
    return kinds.count { $0.group == group } >= 3 ? group : nil
  }

  private func isIt(_ random: inout RandomStream) -> Asked? {
    guard let lone else { return nil }
    let isYes = random.chance(0.5)
    let asked = isYes ? lone.classIndex : another(than: lone.classIndex, &random)
    let form = random.pick(["is this", "is it"]) ?? ""
    return ("\(form) \(SceneWords.one(name(asked)))?", isYes ? "yes" : "no")
  }

  /// Another class, as often as not of the same group.
  private func another(than index: Int, _ random: inout RandomStream) -> Int {
    let group = kinds[index].group
    let near = kinds.indices.filter { $0 != index && group != nil && kinds[$0].group == group }
    if random.chance(0.5), let found = random.pick(near) { return found }
    let other = random.integer(below: kinds.count - 1)
    return other < index ? other : other + 1
  }

  // MARK: Existence and number

  private func exists(_ random: inout RandomStream) -> Asked? {
    let isYes = random.chance(0.5)
    let present = content.classes
    let absent = kinds.indices.filter { !present.contains($0) }
    guard let asked = random.pick(isYes ? present : absent) else { return nil }
    let ending = random.pick(["?", " in the picture?"]) ?? ""
    return ("is there \(SceneWords.one(name(asked)))\(ending)", isYes ? "yes" : "no")
  }

  private func existsInColour(_ random: inout RandomStream) -> Asked? {
    let isYes = random.chance(0.5)
    guard let object = random.pick(content.objects.filter(\.mayAskColour))?.object,
      let own = object.colour
    else { return nil }
    let seen = content.objects.filter { $0.object.classIndex == object.classIndex }
      .map(\.object.colour)
    let others = kinds[object.classIndex].colours.filter { $0 != own }
    // Both answers must be possible, or the question would tell something by being asked.
    guard let other = random.pick(others), !seen.contains(nil), !seen.contains(other) else {
      return nil
    }
    let asked = isYes ? own : other
    return (
      "is there \(SceneWords.one(asked.rawValue + " " + object.label))?", isYes ? "yes" : "no"
    )
  }

  private func number(_ random: inout RandomStream) -> Asked? {
    let plural = kinds[content.featured].plural
    let ending = random.pick(["are there", "are in the picture", "do you see"]) ?? ""
    return ("how many \(plural) \(ending)?", "\(content.count(of: content.featured))")
  }

  // MARK: Properties

  private func colour(_ random: inout RandomStream) -> Asked? {
    guard let object = random.pick(content.unique.filter(\.mayAskColour))?.object,
      let colour = object.colour
    else { return nil }
    let word = random.chance(0.5) ? "colour" : "color"
    return ("what \(word) is the \(object.label)?", colour.rawValue)
  }

  private func bigger(_ random: inout RandomStream) -> Asked? {
    let pairs = content.pairs { $0.isBigger(than: $1) }
    guard let (large, small) = random.pick(pairs) else { return nil }
    let isFirst = random.chance(0.5)
    let (first, second) = isFirst ? (large, small) : (small, large)
    if random.chance(0.5) {
      return ("which is bigger, the \(first.label) or the \(second.label)?", large.label)
    }
    return ("is the \(first.label) bigger than the \(second.label)?", isFirst ? "yes" : "no")
  }

  // MARK: Places

  private func relation(_ random: inout RandomStream) -> Asked? {
    let isAcross = random.chance(0.5)
    let words = isAcross ? ("left", "right") : ("above", "below")
    let side = SceneSide(isAcross: isAcross, isBefore: true)
    let pairs = content.pairs { side.holds($0, $1, in: content.size) }
    guard let (before, after) = random.pick(pairs) else { return nil }
    let isFirst = random.chance(0.5)
    let (first, second) = isFirst ? (before, after) : (after, before)
    let (right, wrong) = isFirst ? words : (words.1, words.0)
    func of(_ word: String) -> String { isAcross ? word + " of" : word }
    if random.chance(0.35) {
      return (
        "is the \(first.label) \(words.0) or \(of(words.1)) the \(second.label)?", right
      )
    }
    let isYes = random.chance(0.5)
    return (
      "is the \(first.label) \(of(isYes ? right : wrong)) the \(second.label)?",
      isYes ? "yes" : "no"
    )
  }

  /// What is the only thing on one side of another.
  private func neighbour(_ random: inout RandomStream) -> Asked? {
    let isAcross = random.chance(0.5)
    let side = SceneSide(isAcross: isAcross, isBefore: random.chance(0.5))
    guard !content.hasDistractors, let place = random.pick(content.unique)?.object else {
      return nil
    }
    let sign: Float = side.isBefore ? 1 : -1
    let there = content.objects.map(\.object).filter {
      $0 != place && sign * SceneSide.distance($0, place, isAcross) < 0
    }
    guard there.count == 1, side.holds(there[0], place, in: content.size),
      there[0].classIndex != place.classIndex
    else { return nil }
    return ("what is \(side.words) the \(place.label)?", there[0].label)
  }
}
