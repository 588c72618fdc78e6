import Checkpoints
import Heads
import Inputs
import Models
import Tensors

/// The tensors of a file as the network takes them, checked against the model so that a wrong file
/// gives a message and not a crash.
struct NetworkInputs {
  let images: ImageBatch?
  let texts: TokenBatch?
  /// Number of items in the batch.
  let batch: Int
  private let file: SafetensorsFile

  /// Reads what the task needs: `pixel_values` `[batch, 3, height, width]` with an optional
  /// `pixel_mask` `[batch, height, width]`, and `input_ids` `[batch, tokens]` with optional
  /// `attention_mask` and `token_type_ids` of the same shape.
  ///
  /// - Throws: `CheckpointError`, or `Failure` with the code 65 that names the entry.
  init(_ file: SafetensorsFile, task: TaskSpec, model: any AnsweringModel) throws {
    self.file = file
    images = try task.inputs.contains(.image) ? Self.images(file) : nil
    texts = try task.inputs.contains(.text) ? Self.texts(file, model) : nil
    let counts = [images.map { $0.pixels.shape[0] }, texts?.batch].compactMap { $0 }
    batch = counts[0]
    if counts.contains(where: { $0 != batch }) {
      throw Failure(
        .badData,
        "\(file.path), entry 'input_ids': expected \(counts[0]) rows as in 'pixel_values', "
          + "found \(counts[1])")
    }
  }

  /// What the task's answers should be: for a detection task `labels.N` `[objects]`, `boxes.N`
  /// `[objects, 4]` (centre and extent in fractions of the picture) and optional `attributes.N`
  /// `[objects, any]` (-1 = none) for every item N; otherwise `answers`, `[batch, labels]` scores
  /// for an answer head, `[batch]` classes for a classification head.
  func targets(_ task: TaskSpec) throws -> Targets {
    switch task.head {
    case "detection":
      return .objects(try (0..<batch).map { try objects($0, task: task) })
    case "classification":
      let classes = try Self.wholeNumbers(file, "answers", 0..<task.labels.count)
      try expect("answers", [batch], classes.shape)
      return .classes(classes.numbers)
    default:
      let scores = try file.tensor("answers")
      try expect("answers", [batch, task.labels.count], scores.shape)
      return .answers(scores)
    }
  }

  private func objects(_ item: Int, task: TaskSpec) throws -> ObjectTargets {
    let labels = try Self.wholeNumbers(file, "labels.\(item)", 0..<task.labels.count)
    let count = labels.numbers.count
    try expect("labels.\(item)", [count], labels.shape)
    let boxes = try file.tensor("boxes.\(item)")
    try expect("boxes.\(item)", [count, 4], boxes.shape)
    let numbers = boxes.elements
    var attributes: [[Int]]?
    if let known = task.attributes, file["attributes.\(item)"] != nil {
      let rows = try Self.wholeNumbers(file, "attributes.\(item)", -1..<known.labels.count)
      let columns = count == 0 ? 0 : rows.numbers.count / count
      try expect("attributes.\(item)", [count, columns], rows.shape)
      attributes = (0..<count).map { object in
        rows.numbers[object * columns..<(object + 1) * columns].filter { $0 >= 0 }
      }
    }
    return ObjectTargets(
      labels: labels.numbers,
      boxes: (0..<count).map {
        ObjectTargets.Box(
          centerX: numbers[4 * $0], centerY: numbers[4 * $0 + 1], width: numbers[4 * $0 + 2],
          height: numbers[4 * $0 + 3])
      }, attributes: attributes)
  }

  private static func images(_ file: SafetensorsFile) throws -> ImageBatch {
    let pixels = try file.tensor("pixel_values")
    let shape = pixels.shape
    guard shape.count == 4, shape[1] == 3, pixels.count > 0 else {
      throw Failure(
        .badData,
        "\(file.path), entry 'pixel_values': expected [batch, 3, height, width], found \(shape)")
    }
    var mask = [Bool](repeating: true, count: shape[0] * shape[2] * shape[3])
    if file["pixel_mask"] != nil {
      let given = try file.tensor("pixel_mask", shape: [shape[0], shape[2], shape[3]])
      mask = given.elements.map { $0 != 0 }
    }
    return ImageBatch(pixels: pixels, mask: mask)
  }

  private static func texts(
    _ file: SafetensorsFile, _ model: any AnsweringModel
  ) throws -> TokenBatch {
    guard let text = model.textTables else {
      preconditionFailure("a task that reads texts belongs to a model that does")
    }
    let ids = try wholeNumbers(file, "input_ids", 0..<text.vocabulary)
    guard ids.shape.count == 2, !ids.numbers.isEmpty, ids.shape[1] <= text.positions else {
      throw Failure(
        .badData,
        "\(file.path), entry 'input_ids': expected [batch, tokens] with 1 to \(text.positions) "
          + "tokens, found \(ids.shape)")
    }
    var types = [Int](repeating: 0, count: ids.numbers.count)
    if file["token_type_ids"] != nil {
      _ = try file.tensor("token_type_ids", shape: ids.shape)
      types = try wholeNumbers(file, "token_type_ids", 0..<text.types).numbers
    }
    var mask = [Bool](repeating: true, count: ids.numbers.count)
    if file["attention_mask"] != nil {
      mask = try file.tensor("attention_mask", shape: ids.shape).elements.map { $0 != 0 }
    }
    return TokenBatch(
      ids: ids.numbers, typeIds: types, mask: mask, batch: ids.shape[0], length: ids.shape[1])
  }

  // Programs write ids as integers or as floats; both are read.
  private static func wholeNumbers(
    _ file: SafetensorsFile, _ name: String, _ allowed: Range<Int>
  ) throws -> (numbers: [Int], shape: Shape) {
    let tensor = try file.tensor(name)
    let numbers = try tensor.elements.map { element in
      guard let number = Int(exactly: element), allowed.contains(number) else {
        throw Failure(
          .badData,
          "\(file.path), entry '\(name)': expected whole numbers from \(allowed.lowerBound) to "
            + "\(allowed.upperBound - 1), found \(element)")
      }
      return number
    }
    return (numbers, tensor.shape)
  }

  private func expect(_ name: String, _ expected: Shape, _ found: Shape) throws {
    guard expected == found else {
      throw CheckpointError.wrongShape(
        file: file.path, entry: name, expected: expected, found: found)
    }
  }
}
