/// States something about a scene so that the label cannot be guessed from the sentence.
///
/// A sentence about "the cat" is neutral where the picture shows no cat, which may be beyond the
/// border, or two for which it holds of one only; "there is a dog left of the cat" is a
/// contradiction where the cat is seen and no dog is left of it. So the same sentence has all three
/// labels in different pictures. Something is stated only where the scene admits each of the three,
/// and then a fair die decides; what is put in the place of a true word is drawn with the
/// probabilities that true words have.
struct SceneHypotheses {
  let content: SceneContent
  let kinds: [SceneMaterial.Kind]

  init(_ content: SceneContent, _ kinds: [SceneMaterial.Kind]) {
    (self.content, self.kinds) = (content, kinds)
  }

  /// Up to `count` statements, no two the same.
  func draw(_ count: Int, _ random: inout RandomStream) -> [Scene.Hypothesis] {
    var result: [Scene.Hypothesis] = []
    guard count > 0 else { return result }
    for _ in 0..<2 {
      for kind in random.shuffled(Scene.Hypothesis.Kind.allCases) where result.count < count {
        let label = random.pick(Scene.Hypothesis.Label.allCases) ?? .neutral
        guard let text = state(kind, label, &random) else { continue }
        guard !result.contains(where: { $0.text == text }) else { continue }
        result.append(Scene.Hypothesis(kind: kind, text: text, label: label))
      }
    }
    return result
  }

  private func state(
    _ kind: Scene.Hypothesis.Kind, _ label: Scene.Hypothesis.Label, _ random: inout RandomStream
  ) -> String? {
    switch kind {
    case .relation: relation(label, &random)
    case .bigger: bigger(label, &random)
    case .existence: existence(label, &random)
    case .attribute: attribute(label, &random)
    case .number: number(label, &random)
    case .colour: colour(label, &random)
    }
  }

  // MARK: Two that are compared

  private func relation(
    _ label: Scene.Hypothesis.Label, _ random: inout RandomStream
  ) -> String? {
    let side = SceneSide.draw(&random)
    let pairs = content.pairs { side.holds($0, $1, in: content.size) }
    guard let pair = random.pick(pairs), let absent = absent(&random) else { return nil }
    func text(_ side: SceneSide, _ first: String, _ second: String) -> String {
      "the \(first) is \(side.words) the \(second)."
    }
    let (one, other) = (pair.0.label, pair.1.label)
    switch label {
    case .entailment: return text(side, one, other)
    case .contradiction: return text(side.opposite, one, other)
    case .neutral:
      let side = random.chance(0.5) ? side : side.opposite
      if random.chance(0.5), let split = random.pick(split(side)) {
        return text(side, split.0, split.1)
      }
      return random.chance(0.5) ? text(side, one, absent) : text(side, absent, other)
    }
  }

  /// Classes of several objects of which some lie on a side of the only one of another class and
  /// some on the opposite.
  private func split(_ side: SceneSide) -> [(String, String)] {
    content.unique.map(\.object).flatMap { place in
      content.classes.compactMap { index in
        let members = content.members(of: index)
        guard members.contains(where: { side.holds($0, place, in: content.size) }),
          members.contains(where: { side.opposite.holds($0, place, in: content.size) })
        else { return nil }
        return (kinds[index].name, place.label)
      }
    }
  }

  private func bigger(
    _ label: Scene.Hypothesis.Label, _ random: inout RandomStream
  ) -> String? {
    let pairs = content.pairs { $0.isBigger(than: $1) }
    guard let pair = random.pick(pairs), let absent = absent(&random) else { return nil }
    let isBigger = random.chance(0.5)
    // Of the two, the first is the one of which the word is true.
    let (one, other) = isBigger ? (pair.0.label, pair.1.label) : (pair.1.label, pair.0.label)
    func text(_ first: String, _ second: String) -> String {
      "the \(first) is \(isBigger ? "bigger" : "smaller") than the \(second)."
    }
    switch label {
    case .entailment: return text(one, other)
    case .contradiction: return text(other, one)
    case .neutral: return random.chance(0.5) ? text(one, absent) : text(absent, other)
    }
  }

  // MARK: What there is beside something

  private func existence(
    _ label: Scene.Hypothesis.Label, _ random: inout RandomStream
  ) -> String? {
    let side = SceneSide.draw(&random)
    guard let situation = situation(side, content.classes, &random),
      let (absent, another) = twoAbsent(&random)
    else { return nil }
    let (name, place) = (kinds[situation.index].name, situation.place.label)
    func text(_ side: SceneSide, _ name: String, _ place: String) -> String {
      "there is \(SceneWords.one(name)) \(side.words) the \(place)."
    }
    switch label {
    case .entailment: return text(side, name, place)
    case .contradiction:
      return random.chance(0.5)
        ? text(side.opposite, name, place)
        : text(random.chance(0.5) ? side : side.opposite, absent, place)
    case .neutral:
      return text(
        random.chance(0.5) ? side : side.opposite, random.chance(0.5) ? name : another, absent)
    }
  }

  private func attribute(
    _ label: Scene.Hypothesis.Label, _ random: inout RandomStream
  ) -> String? {
    let side = SceneSide.draw(&random)
    let known = content.unique.filter(\.mayAskColour).map(\.object)
    guard let situation = situation(side, known.map(\.classIndex), &random),
      let object = known.first(where: { $0.classIndex == situation.index }),
      let own = object.colour, let other = anotherColour(than: own, object.classIndex, &random),
      let absent = absent(&random)
    else { return nil }
    func text(_ side: SceneSide, _ colour: SceneColour, _ place: String) -> String {
      let thing = SceneWords.one("\(colour.rawValue) \(object.label)")
      return "there is \(thing) \(side.words) the \(place)."
    }
    switch label {
    case .entailment: return text(side, own, situation.place.label)
    case .contradiction:
      return random.chance(0.5)
        ? text(side, other, situation.place.label)
        : text(side.opposite, own, situation.place.label)
    case .neutral:
      return text(
        random.chance(0.5) ? side : side.opposite, random.chance(0.5) ? own : other, absent)
    }
  }

  private func number(
    _ label: Scene.Hypothesis.Label, _ random: inout RandomStream
  ) -> String? {
    let side = SceneSide.draw(&random)
    let members = content.members(of: content.featured)
    let places = content.unique.map(\.object).filter { place in
      place.classIndex != content.featured
        && members.allSatisfy { side.isClear($0, place, in: content.size) }
    }
    guard let place = random.pick(places), let absent = absent(&random) else { return nil }
    let here = members.count { side.holds($0, place, in: content.size) }
    let there = members.count - here
    // Both sides must be possible for the number, one truly and one not.
    guard here != there, (1...4).contains(here) else { return nil }
    let kind = kinds[content.featured]
    func text(_ side: SceneSide, _ place: String) -> String {
      let things = "\(SceneWords.number(here)) \(here == 1 ? kind.name : kind.plural)"
      return "there \(here == 1 ? "is" : "are") exactly \(things) \(side.words) the \(place)."
    }
    switch label {
    case .entailment: return text(side, place.label)
    case .contradiction: return text(side.opposite, place.label)
    case .neutral: return text(random.chance(0.5) ? side : side.opposite, absent)
    }
  }

  // MARK: Colours

  private func colour(
    _ label: Scene.Hypothesis.Label, _ random: inout RandomStream
  ) -> String? {
    guard let object = random.pick(content.unique.filter(\.mayAskColour))?.object,
      let own = object.colour, let other = anotherColour(than: own, object.classIndex, &random)
    else { return nil }
    switch label {
    case .entailment: return "the \(object.label) is \(own.rawValue)."
    case .contradiction: return "the \(object.label) is \(other.rawValue)."
    case .neutral:
      let missing = kinds.indices.filter { !content.classes.contains($0) }
      // A class is drawn as often as one of its objects may be asked for its colour.
      var left = random.uniform() * missing.reduce(0) { $0 + kinds[$1].askedShare }
      for index in missing {
        left -= kinds[index].askedShare
        guard left < 0 else { continue }
        return random.pick(kinds[index].colours).map {
          "the \(kinds[index].name) is \($0.rawValue)."
        }
      }
      return nil
    }
  }

  // MARK: Words in the place of others

  /// A class on a side of the only object of another class, and nowhere on the opposite side.
  private func situation(
    _ side: SceneSide, _ classes: [Int], _ random: inout RandomStream
  ) -> (index: Int, place: Scene.Object)? {
    let places = content.unique.map(\.object)
    return random.pick(
      classes.flatMap { index in
        places.filter { place in
          place.classIndex != index
            && content.members(of: index).allSatisfy { side.holds($0, place, in: content.size) }
        }.map { (index, $0) }
      })
  }

  /// The name of a class that is not there.
  private func absent(_ random: inout RandomStream) -> String? { twoAbsent(&random)?.0 }

  /// The names of two classes that are not there; the same twice where there is only one.
  private func twoAbsent(_ random: inout RandomStream) -> (String, String)? {
    let names = random.shuffled(kinds.indices.filter { !content.classes.contains($0) })
      .map { kinds[$0].name }
    return names.first.map { ($0, names.count > 1 ? names[1] : $0) }
  }

  /// Another colour that the class's objects have.
  private func anotherColour(
    than own: SceneColour, _ index: Int, _ random: inout RandomStream
  ) -> SceneColour? {
    random.pick(kinds[index].colours.filter { $0 != own })
  }
}
