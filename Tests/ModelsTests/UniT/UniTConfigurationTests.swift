import Foundation
import Heads
import Models
import Testing

@Suite struct UniTConfigurationTests {
  static let configuration = UniTConfiguration.tiny(
    tasks: [
      TaskSpec(
        name: "objects", head: "detection", group: "detection", index: 0, queries: 3,
        inputs: [.image], labels: ["circle", "square"],
        attributes: AttributeSpec(labels: ["red", "blue"], embedding: 8, hidden: 8)),
      TaskSpec(
        name: "questions", head: "answer", group: "vl", index: 3, queries: 2,
        inputs: [.image, .text], labels: ["yes", "no"], maximumTokens: 12),
    ], vocabulary: 20)

  private func json(_ edit: (inout [String: Any]) -> Void = { _ in }) throws -> Data {
    let data = try JSONEncoder().encode(Self.configuration)
    var object = try JSONSerialization.jsonObject(with: data) as! [String: Any]
    edit(&object)
    return try JSONSerialization.data(withJSONObject: object)
  }

  private func failure(_ edit: (inout [String: Any]) -> Void) throws -> String {
    let data = try json(edit)
    let error = #expect(throws: ConfigurationError.self) {
      let read = try decodeStrictly(UniTConfiguration.self, from: data, file: "config.json")
      try read.validate(file: "config.json", heads: HeadRegistry.names)
    }
    return error?.description ?? ""
  }

  @Test func aConfigurationSurvivesItsFile() throws {
    let read = try decodeStrictly(UniTConfiguration.self, from: json(), file: "config.json")
    #expect(read == Self.configuration)
    try read.validate(file: "config.json", heads: HeadRegistry.names)
  }

  @Test func anUnknownEntryIsNamedWithTheNearestOne() throws {
    let text = try failure { object in
      var decoder = object["decoder"] as! [String: Any]
      decoder["layer"] = 6
      object["decoder"] = decoder
    }
    #expect(text == "config.json: there is no entry 'decoder.layer'; remove it.")
    let tasks = try failure { object in
      var tasks = object["tasks"] as! [[String: Any]]
      tasks[1]["label_id"] = [1, 2]
      object["tasks"] = tasks
    }
    #expect(tasks.hasPrefix("config.json: there is no entry 'tasks[1].label_id'"))
  }

  @Test func missingAndMistypedEntriesAreNamed() throws {
    let missing = try failure { object in
      var decoder = object["decoder"] as! [String: Any]
      decoder["width"] = nil
      object["decoder"] = decoder
    }
    #expect(missing == "config.json: 'decoder' lacks the entry 'width'; add it.")
    let mistyped = try failure { object in
      var decoder = object["decoder"] as! [String: Any]
      decoder["width"] = "wide"
      object["decoder"] = decoder
    }
    #expect(mistyped == "config.json: 'decoder.width' should be a whole number.")
  }

  @Test func misspeltEntriesAndValuesAreRecognised() throws {
    let entry = try failure { object in
      var decoder = object["decoder"] as! [String: Any]
      decoder["hedas"] = decoder.removeValue(forKey: "heads")
      object["decoder"] = decoder
    }
    #expect(
      entry == "config.json: 'decoder' lacks the entry 'heads'; did you mean it by 'hedas'?")
    let value = try failure { object in
      var image = object["image"] as! [String: Any]
      var backbone = image["backbone"] as! [String: Any]
      backbone["block"] = "basik"
      image["backbone"] = backbone
      object["image"] = image
    }
    #expect(value == "config.json: 'image.backbone.block' cannot be 'basik'.")
  }

  @Test func tasksThatTheirHeadCannotDoAreRefused() throws {
    func task(_ edit: (inout [String: Any]) -> Void) throws -> String {
      try failure { object in
        var tasks = object["tasks"] as! [[String: Any]]
        edit(&tasks[0])
        object["tasks"] = tasks
      }
    }
    #expect(
      try task { $0["inputs"] = ["image", "text"] }.hasPrefix(
        "config.json: 'tasks[0].inputs' should be [\"image\"], as its head finds objects"))
    #expect(
      try task { $0["labels"] = ["circle", "circle"] }
        == "config.json: 'tasks[0].labels' should be names that differ, found 'circle' twice.")
  }

  @Test(arguments: [
    ("decoder", "heads", 5, "'decoder.heads' should be a divisor of the width 32, found 5."),
    ("decoder", "width", -1, "'decoder.width' should be in 1...16384, found -1."),
    ("decoder", "layers", 0, "'decoder.layers' should be in 1...128, found 0."),
    ("text", "vocabulary", 0, "'text.vocabulary' should be in 1...2000000, found 0."),
    ("image", "width", 1 << 40, "'image.width' should be in 1...16384, found 1099511627776."),
  ])
  func impossibleDimensionsAreRefused(
    _ part: String, _ key: String, _ value: Int, _ reason: String
  ) throws {
    let text = try failure { object in
      var table = object[part] as! [String: Any]
      table[key] = value
      object[part] = table
    }
    #expect(text == "config.json: " + reason)
  }

  @Test(arguments: [
    ("head", "detector", "'tasks[0].head' should be one of detection, answer, classification"),
    ("name", "a.b", "'tasks[0].name' should be a word without dots, slashes and spaces"),
    ("name", "questions", "'tasks[1].name' should be a name of its own"),
  ])
  func impossibleTasksAreRefused(_ key: String, _ value: String, _ reason: String) throws {
    let text = try failure { object in
      var tasks = object["tasks"] as! [[String: Any]]
      tasks[0][key] = value
      object["tasks"] = tasks
    }
    #expect(text.hasPrefix("config.json: " + reason))
  }

  @Test func anUnknownTaskIsAnsweredWithASuggestion() throws {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try Self.configuration.task(named: "question")
    }
    #expect(
      error?.description
        == "the model has no task 'question'. Did you mean 'questions'? "
        + "Its tasks: objects, questions.")
  }

  @Test func textThatIsNotJSONIsRefused() {
    #expect(throws: ConfigurationError.self) {
      _ = try decodeStrictly(
        UniTConfiguration.self, from: Data("{".utf8), file: "config.json")
    }
  }
}
