import Foundation
import Testing

@testable import Scenes

struct SceneQuestionTests {
  private static let labels = ["ball", "kite", "ring", "box", "roof"]
  private static let groups = ["ball": "toy", "kite": "toy", "ring": "toy"]

  /// Small scenes for statistics.
  private static let scenes: [Scene] = {
    guard let generator = try? SceneSample.generator(seed: 11, size: 32) else { return [] }
    return (try? inParallel(1200) { generator.scene(at: $0) }) ?? []
  }()

  @Test func everyAnswerIsRight() throws {
    try #require(Self.scenes.count == 1200)
    var kinds: Set<Scene.Question.Kind> = []
    for scene in Self.scenes {
      #expect(Set(scene.questions.map(\.text)).count == scene.questions.count)
      for question in scene.questions {
        kinds.insert(question.kind)
        let right = Self.answer(question.text, scene.objects)
        #expect(
          right == question.answer, "scene \(scene.index): \(question.text) \(question.answer)")
      }
    }
    #expect(kinds.count == Scene.Question.Kind.allCases.count)
  }

  /// No answer of a question with a closed set of answers is much more frequent than chance.
  @Test func answersCannotBeGuessed() {
    var texts: [String: [String: Int]] = [:]
    var kinds: [String: [String: Int]] = [:]
    for question in Self.scenes.flatMap(\.questions) {
      texts[question.text, default: [:]][question.answer, default: 0] += 1
      let form = "\(question.kind) \(["yes", "no"].contains(question.answer) ? "yes/no" : "open")"
      kinds[form, default: [:]][question.answer, default: 0] += 1
    }
    var checked = 0
    for (text, answers) in texts {
      let total = answers.values.reduce(0, +)
      guard total >= 25 else { continue }
      checked += 1
      // Four standard deviations of a fair coin, and what the rarest colours cost.
      let bound = 0.55 + 4 * (0.25 / Double(total)).squareRoot()
      #expect(Double(answers.values.max() ?? 0) / Double(total) < bound, "\(text) \(answers)")
    }
    #expect(checked >= 20, "\(checked)")
    for (form, answers) in kinds {
      let total = answers.values.reduce(0, +)
      let share = Double(answers.values.max() ?? 0) / Double(total)
      let chance = form.hasSuffix("yes/no") ? 0.5 : 0.38
      #expect(share < chance + 0.02 + 3 * (0.25 / Double(total)).squareRoot(), "\(form) \(answers)")
    }
  }

  @Test func pluralsAndArticles() {
    #expect(
      ["bus", "dog", "bench", "berry", "toy", "box"].map(SceneWords.plural(of:)) == [
        "buses", "dogs", "benches", "berries", "toys", "boxes",
      ])
    #expect(SceneWords.one("apple") == "an apple" && SceneWords.one("dog") == "a dog")
  }

  // MARK: Answers from the objects alone, found in another way than the generator's

  private typealias Object = Scene.Object

  private static func answer(_ text: String, _ objects: [Object]) -> String? {
    var words = text.dropLast().split(separator: " ").map(String.init)
    for ending in [["in", "the", "picture"], ["in", "the", "image"]]
    where words.suffix(3) == ending[...] { words.removeLast(3) }
    let names = words.map { word in labels.first { word == $0 || word == plural($0) } }
      .compactMap { $0 }
    let colour = words.compactMap { SceneColour(rawValue: $0) }.first
    func only(_ name: String) -> Object? {
      let found = objects.filter { $0.label == name }
      return found.count == 1 ? found[0] : nil
    }
    let coloured = objects.filter { $0.colour == colour }
    func yes(_ truth: Bool) -> String { truth ? "yes" : "no" }
    switch (words[0], words[1]) {
    case ("how", "many"): return "\(objects.count { $0.label == names[0] })"
    case ("is", "there"):
      let fitting = colour == nil ? objects : coloured
      return yes(fitting.contains { $0.label == names[0] })
    case ("is", "this"), ("is", "it"):
      return objects.count == 1 ? yes(objects[0].label == names[0]) : nil
    case ("what", "colour"), ("what", "color"): return only(names[0])?.colour?.rawValue
    case ("what", "is") where words.contains("thing"):
      return coloured.count == 1 ? coloured[0].label : nil
    case ("which", "is"), ("is", "the"):
      guard let first = only(names[0]), let second = only(names[1]) else { return nil }
      if words[0] == "which" { return first.area > second.area ? first.label : second.label }
      if words.contains("bigger") { return yes(first.area > second.area) }
      let sides = words.filter { ["left", "right", "above", "below"].contains($0) }
      let right = sides.filter { holds($0, first, second) }
      if words.contains("or") { return right.count == 1 ? right[0] : nil }
      return yes(!right.isEmpty)
    case ("what", "is") where words.count > 3:
      let side = ["left", "right", "above", "below"].first { words.contains($0) } ?? ""
      guard let place = only(names[0]) else { return nil }
      let found = objects.filter { $0 != place && holds(side, $0, place) }
      return found.count == 1 ? found[0].label : nil
    case ("what", "toy"):
      let toys = objects.filter { groups[$0.label] == "toy" }
      return toys.count == 1 ? toys[0].label : nil
    default: return objects.count == 1 ? objects[0].label : nil
    }
  }

  private static func plural(_ name: String) -> String { name == "box" ? "boxes" : name + "s" }

  /// Compared in doubled coordinates, which are whole.
  private static func holds(_ side: String, _ one: Object, _ other: Object) -> Bool {
    let across = 2 * (one.box.x - other.box.x) + one.box.width - other.box.width
    let down = 2 * (one.box.y - other.box.y) + one.box.height - other.box.height
    switch side {
    case "left": return across < 0
    case "right": return across > 0
    case "above": return down < 0
    default: return down > 0
    }
  }
}
