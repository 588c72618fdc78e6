import ArgumentParser
import Heads

/// Says what pictures show as a whole.
struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a picture shows as a whole, with models that classify pictures.",
    discussion: """
      Examples:
        unit classify cat.jpg --model path/to/resnet-50
        unit classify photos/ --model path/to/model --top 1 --format json
      """)

  @Argument(help: "PNG or JPEG files, folders, patterns, or - for standard input.")
  var images: [String]

  @OptionGroup var modelOptions: ModelOptions

  @OptionGroup var labelOptions: LabelOptions

  @OptionGroup var ranking: RankingOptions

  @OptionGroup var decoding: DecodingOptions

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let notes = common.notes
    let model = try modelOptions.open(
      notes, labels: labelOptions.replacement(task: modelOptions.task, use: .picture))
    let task = try model.task(modelOptions.task, for: .picture)
    let batch = try PictureBatch(images, notes)
    let scale = decoding.scale(for: model, task)
    let status = try batch.forEach { input in
      let ranked = try model.classify(input.load(scale: scale), task: task.name)
      let report = ClassReport(
        file: input.name, task: task, ranked: Array(ranked.prefix(ranking.top)))
      try ranking.write(
        text: report.text(naming: batch.isBatch), json: report.json,
        huggingFace: report.huggingFace)
    }
    if status != .done { throw status }
  }
}
