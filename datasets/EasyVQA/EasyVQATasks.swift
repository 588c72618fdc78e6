import Heads
import Inputs
import Layers
import Models

extension EasyVQA {
  /// The view of easy-VQA that fits a task: objects for a detection head, questions for the others.
  @Sendable static func dataset(_ source: DatasetSource, for task: TaskSpec) throws
    -> any TaskDataset
  {
    guard let split = Split(rawValue: source.split) else {
      throw DatasetError.unknownSplit(
        dataset: "easy-vqa", split: source.split, known: Split.allCases.map(\.rawValue))
    }
    func require(_ expected: [String], _ found: [String]) throws {
      guard expected == found else {
        throw DatasetError.labels(
          dataset: "easy-VQA", task: task.name, expected: expected, found: found)
      }
    }
    if task.head == "detection" {
      try require(shapes, task.labels)
      if let attributes = task.attributes { try require(colours, attributes.labels) }
      return EasyVQADetection(data: try EasyVQA(directory: source.path, split: split))
    }
    guard task.inputs == [.image, .text] else {
      throw DatasetError.unfit(dataset: "easy-vqa", task: task.name, head: task.head)
    }
    try require(answers, task.labels)
    return EasyVQAQuestions(data: try EasyVQA(directory: source.path, split: split))
  }
}

/// easy-VQA as detection: one object a picture, its shape as the class, its colour as attribute.
struct EasyVQADetection: TaskDataset {
  let data: EasyVQA

  var count: Int { data.pictures.count }

  func pictureName(_ index: Int) -> String? { data.pictures[index].path }

  func sample(_ index: Int) throws -> Sample {
    let picture = data.pictures[index]
    let (width, height) = (Float(picture.image.width), Float(picture.image.height))
    let box = picture.box
    return Sample(
      name: picture.path, image: picture.image,
      target: .objects(
        ObjectTargets(
          labels: [picture.shape],
          boxes: [
            ObjectTargets.Box(
              centerX: (box.x + box.width / 2) / width, centerY: (box.y + box.height / 2) / height,
              width: box.width / width, height: box.height / height)
          ], attributes: [[picture.colour]])))
  }
}

/// easy-VQA as question answering: one right answer of thirteen.
struct EasyVQAQuestions: TaskDataset {
  let data: EasyVQA

  var count: Int { data.questions.count }

  func pictureName(_ index: Int) -> String? { data.pictures[data.questions[index].picture].path }

  func sample(_ index: Int) throws -> Sample {
    let question = data.questions[index]
    let picture = data.pictures[question.picture]
    return Sample(
      name: "\(picture.path), question \(index)", image: picture.image, text: question.text,
      target: .category(question.answer))
  }
}
