import Foundation
import Testing

@testable import Scenes

struct SceneTextTests {
  private static let classes = ["ball", "kite", "ring", "box", "roof"]

  private static func pairs(
    _ kind: SceneTexts.Kind, _ split: SceneSplit = .train, count: Int = 3000
  ) throws -> [SceneTexts.Pair] {
    let texts = SceneTexts(try SceneSample.recipe(), split: split, seed: 3)
    return (0..<count).map { texts.pair(kind, at: $0) }
  }

  @Test(arguments: SceneTexts.Kind.allCases)
  func labelsAreRight(kind: SceneTexts.Kind) throws {
    for pair in try Self.pairs(kind) {
      #expect(pair.first != pair.second)
      let (one, other) = (Self.meaning(pair.first), Self.meaning(pair.second))
      let right = kind == .qqp ? one == other : one.topic == other.topic
      #expect(right == pair.holds, "\(pair.first) \(pair.second) \(one) \(other)")
    }
  }

  /// Each label is as frequent, and one text of a pair alone does not tell it: by its words, who
  /// knows two thirds of the labels is right in little more than half of the others.
  @Test(arguments: SceneTexts.Kind.allCases)
  func oneTextDoesNotTellTheLabel(kind: SceneTexts.Kind) throws {
    let pairs = try Self.pairs(kind, count: 4500)
    #expect(abs(pairs.count(where: \.holds) - 2250) < 135)
    let (known, asked) = (pairs.prefix(3000), pairs.suffix(1500))
    let views: [(String, (SceneTexts.Pair) -> [String])] = [
      ("first", { Self.words($0.first) }), ("second", { Self.words($0.second) }),
      ("both", { Self.words($0.first) + Self.words($0.second).map { "2 " + $0 } }),
    ]
    for (name, view) in views {
      let bayes = NaiveBayes(known.map { (view($0), $0.holds) })
      let right = asked.count { bayes.guess(view($0)) == $0.holds }
      #expect(Double(right) / 1500 < 0.56, "\(kind) \(name): \(right) of 1500")
    }
  }

  @Test(arguments: SceneTexts.Kind.allCases)
  func partsHaveNoPairInCommon(kind: SceneTexts.Kind) throws {
    func sides(_ split: SceneSplit) throws -> Set<[String]> {
      Set(try Self.pairs(kind, split, count: 1500).map { [$0.first, $0.second].sorted() })
    }
    #expect(try sides(.train).isDisjoint(with: sides(.validation)))
    #expect(try Self.pairs(kind, count: 20) == Self.pairs(kind, count: 20))
  }

  @Test func theTablesAreGLUEs() throws {
    let texts = SceneTexts(try SceneSample.recipe(), split: .validation, seed: 3)
    let questions = texts.table(.qqp, count: 5).split(separator: "\n")
    #expect(questions.count == 6)
    #expect(questions[0] == "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate")
    #expect(questions.allSatisfy { $0.split(separator: "\t").count == 6 })
    let answers = texts.table(.qnli, count: 5).split(separator: "\n")
    #expect(answers.count == 6 && answers[0] == "index\tquestion\tsentence\tlabel")
    #expect(answers.allSatisfy { $0.split(separator: "\t").count == 4 })
  }

  // MARK: Meanings from the words alone

  private struct Meaning: Equatable {
    /// Kind of question and the classes, sorted where the answer tells of both.
    var topic: [String]
    /// What is asked in detail: the order of the classes by side or size, the colour.
    var detail: [String]
  }

  private static func words(_ text: String) -> [String] {
    text.filter { $0 != "," }.dropLast().split(separator: " ").map(String.init)
  }

  private static func meaning(_ text: String) -> Meaning {
    let words = words(text)
    let named = words.compactMap { word in
      classes.first { [$0, $0 + "s", $0 + "es"].contains(word) }
    }
    let isColour = words.contains("color") || words.contains("colour")
    let colour = words.first { SceneColour(rawValue: $0) != nil }
    if named.count == 1 {
      let numbers = ["one", "two", "three", "four", "five", "six"]
      let counts =
        words.contains("many") || words.contains("number")
        || (!text.hasSuffix("?") && words.contains(where: numbers.contains))
      let isTold = !text.hasSuffix("?") && colour != nil
      let kind = counts ? "number" : isColour || isTold ? "colour" : "exists"
      return Meaning(topic: [kind] + named, detail: kind == "exists" ? [colour ?? ""] : [])
    }
    let opposites = [
      "left": "right", "above": "below", "bigger": "smaller", "more": "fewer",
      "higher": "lower", "outnumber": "fewer",
    ]
    let word = words.first { opposites[$0] != nil || opposites.values.contains($0) } ?? ""
    let kinds = [
      ["left", "right"]: "across", ["above", "below", "higher", "lower"]: "down",
      ["bigger", "smaller"]: "size", ["more", "fewer", "outnumber"]: "numbers",
    ]
    let kind = kinds.first { $0.key.contains(word) }?.value ?? ""
    let isTurned = opposites[word] == nil
    return Meaning(
      topic: [kind] + named.sorted(), detail: isTurned ? Array(named.reversed()) : named)
  }
}
