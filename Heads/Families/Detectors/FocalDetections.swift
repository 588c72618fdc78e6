import Models
import Tensors

/// The objects that a network trained by the focal loss sees: every query and class is a detection
/// of its own with the sigmoid of its number, and the best hundred of a picture count
/// (`post_process_object_detection` of Conditional DETR in transformers).
///
/// - Parameters:
///   - outputs: of a batch of one picture.
///   - task: names the rows of the class layer.
///   - size: of the original picture in pixels.
///   - limit: how many of all queries and classes are kept.
/// - Returns: most probable first; equals in the order of queries and classes.
func focalDetections(
  _ outputs: DetectionOutputs, task: TaskSpec, size: (width: Int, height: Int), limit: Int = 100
) -> [Detection] {
  precondition(outputs.logits.shape[0] == 1, "\(outputs.logits.shape[0]) pictures, not one")
  let classes = outputs.logits.shape[2]
  let scores = outputs.logits.detached.sigmoid().elements
  let places = outputs.boxes.elements
  let best = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(limit)
  return best.map { index in
    let (query, row) = index.quotientAndRemainder(dividingBy: classes)
    return Detection(
      label: task.label(row: row), classID: task.labelIDs?[row] ?? row, score: scores[index],
      box: Detection.Box(centered: places[query * 4..<query * 4 + 4], in: size))
  }
}
