import Datasets
import Foundation
import Inputs
import Models

extension RunReports {
  /// Samples on a sheet.
  private static let count = 6

  /// Shows the answers to some samples of an evaluation, the same ones every time: as a file of the
  /// folder `samples` and in TensorBoard.
  func show(
    _ evaluation: TaskEvaluation, of task: TaskSpec, on data: any TaskDataset, step: Int
  ) throws {
    let total = evaluation.predictions.count
    guard total > 0 else { return }
    let count = min(Self.count, total)
    let tiles = try (0..<count).map { place in
      let index = place * total / count
      return SampleTile(
        try data.sample(index), answer: evaluation.predictions[index].answer, task: task)
    }
    let sheet = SampleSheet.image(tiles, title: "\(task.name), step \(step)")
    try samples.write(sheet, task: task.name, step: step)
    // Half the size is enough in a browser, and event files are never thinned out.
    let small = sheet.resized(width: sheet.width / 2, height: sheet.height / 2, filter: .box)
    try events.append(
      .picture(
        tag: "samples/\(task.name)", png: encodePNG(small), width: small.width,
        height: small.height), step: step)
  }
}
