/// What a question of easy-VQA says about the object of its picture.
struct QuestionMeaning {
  private let shapes: [Int]
  private let colours: [Int]
  private let isNegated: Bool

  /// Finds the shapes, colours and negations among the question's words.
  init(_ text: String) {
    let words = text.lowercased().split { !$0.isLetter }.map(String.init)
    shapes = words.compactMap { EasyVQA.shapes.firstIndex(of: $0) }
    colours = words.compactMap { EasyVQA.colours.firstIndex(of: $0) }
    isNegated = words.contains("not") || words.contains("no")
  }

  /// Whether the answer is right for an object of this shape and colour.
  ///
  /// `is no circle present?` and the like turn the answer round. Other questions name one
  /// property, which then holds, and ask for the other.
  func allows(_ answer: String, shape: Int, colour: Int) -> Bool {
    let holds = shapes.allSatisfy { $0 == shape } && colours.allSatisfy { $0 == colour }
    switch answer {
    case "yes": return holds != isNegated
    case "no": return holds == isNegated
    default:
      return holds && !isNegated
        && (answer == EasyVQA.shapes[shape] || answer == EasyVQA.colours[colour])
    }
  }
}
