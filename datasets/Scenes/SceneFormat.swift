import Foundation

/// The lines about one scene: COCO's annotations, VQAv2's questions with their answers, and
/// SNLI-VE's statements.
struct SceneRecord: Codable {
  struct Picture: Codable {
    let id: Int
    let file_name: String
    let width: Int
    let height: Int
  }

  struct Annotation: Codable {
    let id: Int
    let image_id: Int
    let category_id: Int
    /// Left, top, width, height in pixels.
    let bbox: [Int]
    let area: Int
    let iscrowd: Int
    /// Numbers of `SceneGenerator.attributes`, from 1.
    let attribute_ids: [Int]
  }

  struct Question: Codable {
    let image_id: Int
    let question: String
    let question_id: Int
  }

  struct Answer: Codable {
    struct Given: Codable {
      let answer: String
      let answer_confidence: String
      let answer_id: Int
    }

    let question_id: Int
    let image_id: Int
    let question_type: String
    let answer_type: String
    let multiple_choice_answer: String
    let answers: [Given]
  }

  /// SNLI-VE's names.
  struct Pair: Codable {
    let annotator_labels: [String]
    let captionID: String
    let gold_label: String
    let pairID: String
    let sentence1: String
    let sentence2: String
    let Flickr30K_ID: String
  }

  let image: Picture
  let annotations: [Annotation]
  let questions: [Question]
  let answers: [Answer]
  let pairs: [Pair]

  /// Ids of objects and questions are the scene's times this, plus their position.
  static let idsPerScene = 100
  /// Annotators that VQAv2 asks; here all agree.
  private static let annotators = 10

  init(_ scene: Scene, fileName: String) {
    let id = scene.index
    pairs = Self.pairs(scene, String(fileName.split(separator: "/").last ?? ""))
    image = Picture(
      id: id, file_name: fileName, width: scene.image.width, height: scene.image.height)
    annotations = scene.objects.enumerated().map { number, object in
      let names = [object.colour?.rawValue, object.size.rawValue].compactMap { $0 }
      return Annotation(
        id: id * Self.idsPerScene + number + 1, image_id: id, category_id: object.classIndex + 1,
        bbox: [object.box.x, object.box.y, object.box.width, object.box.height],
        area: object.area, iscrowd: 0,
        attribute_ids: names.compactMap { name in
          SceneGenerator.attributes.firstIndex(of: name).map { $0 + 1 }
        })
    }
    questions = scene.questions.enumerated().map { number, question in
      Question(
        image_id: id, question: question.text, question_id: id * Self.idsPerScene + number)
    }
    answers = scene.questions.enumerated().map { number, question in
      Answer(
        question_id: id * Self.idsPerScene + number, image_id: id,
        question_type: question.kind.rawValue, answer_type: Self.type(of: question.answer),
        multiple_choice_answer: question.answer,
        answers: (1...Self.annotators).map {
          Answer.Given(answer: question.answer, answer_confidence: "yes", answer_id: $0)
        })
    }
  }

  /// The same letters as SNLI-VE's at the end of a pair's name.
  private static func pairs(_ scene: Scene, _ picture: String) -> [Pair] {
    scene.hypotheses.enumerated().map { number, hypothesis in
      let label = hypothesis.label.rawValue
      return Pair(
        annotator_labels: [label], captionID: picture + "#0", gold_label: label,
        pairID: "\(picture)#0r\(number + 1)\(label.first ?? "-")",
        sentence1: "A picture of things.", sentence2: hypothesis.text, Flickr30K_ID: picture)
    }
  }

  private static func type(of answer: String) -> String {
    if ["yes", "no"].contains(answer) { return "yes/no" }
    return Int(answer) == nil ? "other" : "number"
  }
}

/// The beginnings of the files, before the long lists.
enum SceneFormat {
  private struct Named: Encodable {
    let id: Int
    let name: String
    var supercategory: String?
  }

  /// `"categories": [...], "attributes": [...]`, without braces.
  static func names(of kinds: [SceneMaterial.Kind]) throws -> String {
    let categories = kinds.enumerated().map {
      Named(id: $0 + 1, name: $1.name, supercategory: $1.group ?? $1.name)
    }
    let attributes = SceneGenerator.attributes.enumerated().map { Named(id: $0 + 1, name: $1) }
    return "\"categories\":\(try json(categories)),\"attributes\":\(try json(attributes))"
  }

  /// A value on one line, its fields sorted.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
