import Foundation
import Testing

@testable import Scenes

struct SceneHypothesisTests {
  private typealias Label = Scene.Hypothesis.Label
  private static let labels = ["ball", "kite", "ring", "box", "roof"]

  /// Small scenes for statistics.
  private static let scenes: [Scene] = {
    guard let generator = try? SceneSample.generator(seed: 12, size: 32) else { return [] }
    return (try? inParallel(2400) { generator.scene(at: $0) }) ?? []
  }()
  private static let all = scenes.flatMap(\.hypotheses)

  @Test func everyLabelIsRight() throws {
    try #require(Self.scenes.count == 2400)
    for scene in Self.scenes {
      #expect(Set(scene.hypotheses.map(\.text)).count == scene.hypotheses.count)
      for hypothesis in scene.hypotheses {
        let right = Self.label(hypothesis.text, scene.objects)
        #expect(
          right == hypothesis.label, "scene \(scene.index): \(hypothesis.text) \(hypothesis.label)")
      }
    }
    #expect(Set(Self.all.map(\.kind)).count == Scene.Hypothesis.Kind.allCases.count)
    #expect(Self.all.count > 2400, "\(Self.all.count)")
  }

  /// Each kind of statement has each label in about a third of its cases.
  @Test func labelsAreBalanced() {
    for kind in Scene.Hypothesis.Kind.allCases {
      let found = Self.all.filter { $0.kind == kind }
      for label in Label.allCases {
        let share = Double(found.count { $0.label == label }) / Double(found.count)
        let noise = 4 * (0.22 / Double(found.count)).squareRoot()
        #expect(abs(share - 1 / 3.0) < 0.02 + noise, "\(kind) \(label) \(share) of \(found.count)")
      }
    }
  }

  /// Who knows only the sentences, and the labels of two thirds of them, is right in little more
  /// than a third of the others: by the commonest label of the same sentence, and by all the words
  /// and pairs of words (naive Bayes).
  @Test func sentencesDoNotTellTheLabel() {
    let (known, asked) = (
      Self.all.prefix(Self.all.count * 2 / 3), Self.all.suffix(Self.all.count / 3)
    )
    var texts: [String: [Label: Int]] = [:]
    for hypothesis in known {
      texts[hypothesis.text, default: [:]][hypothesis.label, default: 0] += 1
    }
    let commonest = asked.count { hypothesis in
      let counts = texts[hypothesis.text] ?? [:]
      let guess = Label.allCases.max { counts[$0, default: 0] < counts[$1, default: 0] }
      return guess == hypothesis.label
    }
    #expect(Double(commonest) / Double(asked.count) < 0.38, "\(commonest) of \(asked.count)")
    let bayes = NaiveBayes(known.map { (Self.features($0.text), $0.label) })
    let guessed = asked.count { bayes.guess(Self.features($0.text)) == $0.label }
    #expect(Double(guessed) / Double(asked.count) < 0.38, "\(guessed) of \(asked.count)")
  }

  private static func features(_ text: String) -> [String] {
    let words = text.dropLast().split(separator: " ").map(String.init)
    return words + zip(words, words.dropFirst()).map { "\($0) \($1)" }
  }

  // MARK: Labels from the objects alone, found in another way than the generator's

  private static func label(_ text: String, _ objects: [Scene.Object]) -> Label? {
    let words = text.dropLast().split(separator: " ").map(String.init)
    let named = words.compactMap { word in
      labels.first { [$0, $0 + "s", $0 + "es"].contains(word) }
    }
    let colour = words.compactMap { SceneColour(rawValue: $0) }.first
    func all(_ name: String) -> [Scene.Object] { objects.filter { $0.label == name } }
    func label(_ truths: [Bool]) -> Label? {
      Set(truths).count == 1 ? (truths[0] ? .entailment : .contradiction) : .neutral
    }
    let side = words.first { ["left", "right", "above", "below"].contains($0) } ?? ""
    guard words[0] == "there" else {
      if named.count == 1 { return label(all(named[0]).map { $0.colour == colour }) }
      let truths = all(named[0]).flatMap { one in
        all(named[1]).map { other in
          switch words[3] {
          case "bigger": one.area > other.area
          case "smaller": one.area < other.area
          default: holds(side, one, other)
          }
        }
      }
      return label(truths)
    }
    let numbers = ["one": 1, "two": 2, "three": 3, "four": 4]
    let number = words.compactMap { numbers[$0] }.first
    return label(
      all(named[1]).map { place in
        let found = all(named[0]).filter {
          holds(side, $0, place) && (colour == nil || $0.colour == colour)
        }
        return number.map { found.count == $0 } ?? !found.isEmpty
      })
  }

  private static func holds(_ side: String, _ one: Scene.Object, _ other: Scene.Object) -> Bool {
    let across = 2 * (one.box.x - other.box.x) + one.box.width - other.box.width
    let down = 2 * (one.box.y - other.box.y) + one.box.height - other.box.height
    return switch side {
    case "left": across < 0
    case "right": across > 0
    case "above": down < 0
    default: down > 0
    }
  }
}
