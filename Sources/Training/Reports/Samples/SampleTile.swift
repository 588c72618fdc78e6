import Datasets
import Heads
import Inputs
import Models

/// One sample of a contact sheet: what the model answered beside what is right.
struct SampleTile {
  /// The two halves, each with a picture or without and with lines of text below it.
  let halves: [(picture: Image?, text: TextBlock)]

  /// Longest side of a picture.
  static let side = 384
  /// A detection whose score is below this is not drawn.
  static let threshold: Float = 0.3
  private static let mostBoxes = 15

  /// The tile of a sample and the answer to it.
  init(_ sample: Sample, answer: HeadAnswer, task: TaskSpec) {
    switch (answer, sample.target) {
    case (.detections(let found), .objects(let objects)):
      halves = Self.detection(sample, objects, found, task)
    case (.detections(let found), _): halves = Self.detection(sample, nil, found, task)
    case (.ranked(let ranked), _): halves = Self.answers(sample, ranked, task)
    }
  }

  // Detection ---------------------------------------------------------------------------------------

  private static func detection(
    _ sample: Sample, _ objects: ObjectTargets?, _ found: [Detection], _ task: TaskSpec
  ) -> [(picture: Image?, text: TextBlock)] {
    guard let image = sample.image else { return [] }
    let size = image.originalSize
    let truth = (objects?.labels ?? []).indices.map { place in
      annotation(objects!, place, task, in: size)
    }
    let shown = found.filter { $0.score >= threshold }.prefix(mostBoxes)
    let boxes = shown.map { detection in
      var label = "\(detection.label) \(percent(detection.score))"
      if let attribute = detection.attributes.first {
        label += ", \(attribute.label) \(percent(attribute.score))"
      }
      return Annotation(
        x: detection.box.x, y: detection.box.y, width: detection.box.width,
        height: detection.box.height, label: label,
        colorIndex: task.labels.firstIndex(of: detection.label) ?? 0)
    }
    var summary = "found with \(percent(threshold)) or more: \(shown.count)"
    if shown.isEmpty, let best = found.max(by: { $0.score < $1.score }) {
      summary += "; the surest is \(best.label) \(percent(best.score))"
    }
    return [
      (
        drawn(image, truth),
        TextBlock(
          [
            .init(text: "truth: \(truth.count)"),
            .init(text: shortName(sample.name), colour: TextBlock.faint, limit: 1),
          ], width: side)
      ),
      (drawn(image, boxes), TextBlock([.init(text: summary)], width: side)),
    ]
  }

  private static func annotation(
    _ objects: ObjectTargets, _ place: Int, _ task: TaskSpec, in size: ImageSize
  ) -> Annotation {
    let (box, row) = (objects.boxes[place], objects.labels[place])
    let (width, height) = (Float(size.width), Float(size.height))
    let names = objects.attributes[place].compactMap { attribute in
      task.attributes.flatMap { name($0.labels, attribute) }
    }
    return Annotation(
      x: (box.centerX - box.width / 2) * width, y: (box.centerY - box.height / 2) * height,
      width: box.width * width, height: box.height * height,
      label: ([name(task.labels, row) ?? "class \(row)"] + names.prefix(2)).joined(separator: ", "),
      colorIndex: row)
  }

  /// The picture at the size of the sheet, with boxes given in pixels of the original.
  private static func drawn(_ image: Image, _ boxes: [Annotation]) -> Image {
    let picture = fitted(image)
    let across = Float(picture.width) / Float(image.originalSize.width)
    let down = Float(picture.height) / Float(image.originalSize.height)
    return picture.annotated(
      boxes.map { box in
        Annotation(
          x: box.x * across, y: box.y * down, width: box.width * across, height: box.height * down,
          label: box.label, colorIndex: box.colorIndex)
      })
  }

  // Answers -----------------------------------------------------------------------------------------

  private static func answers(
    _ sample: Sample, _ ranked: [RankedAnswer], _ task: TaskSpec
  ) -> [(picture: Image?, text: TextBlock)] {
    let rated: [(row: Int, weight: Float)] =
      switch sample.target {
      case .answers(let rated): rated.sorted { $0.weight > $1.weight }
      case .category(let row): [(row, 1)]
      case .objects: []
      }
    var pieces: [TextBlock.Piece] = []
    if let text = sample.text { pieces.append(.init(text: text, limit: 6)) }
    if let second = sample.secondText { pieces.append(.init(text: second, limit: 6)) }
    func weight(_ answer: String) -> Float {
      rated.first { name(task.labels, $0.row) == answer }?.weight ?? 0
    }
    for answer in ranked.prefix(3) {
      pieces.append(
        .init(
          text: "\(percent(answer.score)) \(answer.answer)",
          colour: weight(answer.answer) > 0 ? TextBlock.right : TextBlock.ink, limit: 1,
          bar: Double(answer.score), gap: answer == ranked.first ? 8 : 0))
    }
    let right = rated.prefix(3).compactMap { name(task.labels, $0.row) }.joined(separator: ", ")
    let share = ranked.first.map { weight($0.answer) } ?? 0
    let verdict = share >= 0.995 ? "right" : share > 0 ? "\(percent(share)) right" : "wrong"
    pieces.append(
      .init(
        text: "\(verdict): the answer is \(right.isEmpty ? "not among the labels" : right)",
        colour: share > 0 ? TextBlock.right : TextBlock.wrong, limit: 3, gap: 8))
    let note = TextBlock.Piece(text: shortName(sample.name), colour: TextBlock.faint, limit: 1)
    guard let image = sample.image else { return [(nil, TextBlock(pieces + [note], width: side))] }
    return [
      (fitted(image), TextBlock([note], width: side)), (nil, TextBlock(pieces, width: side)),
    ]
  }

  // Parts -------------------------------------------------------------------------------------------

  /// The picture with its longest side as long as the sheet wants it.
  private static func fitted(_ image: Image) -> Image {
    let longest = Double(max(image.width, image.height))
    func length(_ side: Int) -> Int {
      max(1, Int((Double(side) * Double(Self.side) / longest).rounded()))
    }
    // Enlarged drawings keep their sharp edges.
    return image.resized(
      width: length(image.width), height: length(image.height),
      filter: longest < Double(side) / 2 ? .nearest : .bilinear)
  }

  /// A sample's name without its folders.
  private static func shortName(_ name: String) -> String {
    String(name.split(separator: "/").last ?? "")
  }

  private static func name(_ labels: [String], _ row: Int) -> String? {
    labels.indices.contains(row) ? labels[row] : nil
  }

  private static func percent(_ share: Float) -> String {
    "\(Int((max(0, min(1, share.isFinite ? share : 0)) * 100).rounded()))%"
  }
}
