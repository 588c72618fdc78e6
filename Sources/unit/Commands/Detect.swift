import ArgumentParser
import Heads
import Inputs

/// Finds objects in pictures.
struct Detect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the objects in pictures.",
    discussion: """
      Examples:
        unit detect street.jpg
        unit detect street.jpg --annotate found.png --attributes
        unit detect photos/ --format jsonl --output found.jsonl
        unit detect photos/ --format yolo --output labels

      With several pictures one that cannot be read does not stop the others; the exit code is \
      then 2.
      """)

  @Argument(
    help: "PNG or JPEG files, folders of them, patterns such as '*.png', or - for standard input.")
  var images: [String]

  @OptionGroup var modelOptions: ModelOptions

  @OptionGroup var labelOptions: LabelOptions

  @Option(
    help: """
      What an object's score must be above, 0 to 1; if left out, what the model's task says, 0.5 \
      where it says nothing.
      """)
  var threshold: Float?

  @Option(help: "How many objects a picture at most, the most probable ones.")
  var maxBoxes: Int?

  @Flag(help: "Give the objects' attributes, too.")
  var attributes = false

  @Option(help: "\(DetectionFormat.list).", transform: DetectionFormat.named)
  var format = DetectionFormat.text

  @Option(
    help: "Write the results to this file; with yolo or voc and several pictures, to this folder.")
  var output: String?

  @Option(
    help: "For coco: a JSON file with the pictures' ids by file name, or COCO's annotations.")
  var imageIds: String?

  @Option(help: "Draw the objects into the picture: a file, or a folder for several pictures.")
  var annotate: String?

  @OptionGroup var decoding: DecodingOptions

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let threshold, !(0...1).contains(threshold) {
      throw ValidationError("--threshold must be 0 to 1, not \(threshold)")
    }
    if let maxBoxes, maxBoxes < 1 {
      throw ValidationError("--max-boxes must be at least 1, not \(maxBoxes)")
    }
  }

  func run() throws {
    common.apply()
    let notes = common.notes
    // Mistakes in names shall not wait for the model.
    let batch = try PictureBatch(images, notes)
    var output = try openOutput(batch)
    let model = try modelOptions.open(
      notes, labels: labelOptions.replacement(task: modelOptions.task, use: .detection),
      // A task that is named may be one with texts, and the error shall say so.
      readsTexts: modelOptions.task != nil)
    let task = try model.task(modelOptions.task, for: .detection)
    if attributes && task.attributes == nil {
      notes.note("note: the task '\(task.name)' knows no attributes")
    }
    // What is drawn into has to be the whole picture.
    let scale = annotate == nil ? decoding.scale(for: model, task) : .exact
    var writer = DetectionWriter(
      format, isBatch: batch.isBatch, ids: try PictureIDs(imageIds))
    var annotations = try annotate.map { try AnnotationTarget($0, batch: batch) }
    let status = try batch.forEach { input in
      let picture = try input.load(scale: scale)
      let detections = try model.detect(
        picture, task: task.name, threshold: threshold, limit: maxBoxes, attributes: attributes)
      let report = DetectionReport(
        file: input.name, width: picture.originalSize.width,
        height: picture.originalSize.height, task: task.name,
        classes: task.labels.filter { !$0.isEmpty }, detections: detections)
      // The opening goes out with the first part, so that a failure leaves nothing half-written.
      let text = try writer.text(of: report)
      try output.write(writer.takeOpening() + text, source: input.name)
      try annotations?.write(
        picture.annotated(detections.map { Annotation($0) }), source: input.name)
    } failed: {
      let text = writer.textOfFailure()
      try output.write(text.isEmpty ? "" : writer.takeOpening() + text)
    }
    try output.write(writer.takeOpening() + writer.closing)
    try output.finish()
    if status != .done { throw status }
  }

  private func openOutput(_ batch: PictureBatch) throws -> ResultOutput {
    if let output { try batch.originals.refuse(output, option: "--output") }
    guard batch.isBatch, let ending = format.fileEnding else { return try ResultOutput(output) }
    return try ResultOutput(folder: output, ending: ending)
  }
}
