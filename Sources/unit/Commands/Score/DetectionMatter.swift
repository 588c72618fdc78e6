import Annotations
import Metrics

/// What is compared: the truth's objects and the detections, as the metric wants them.
struct DetectionMatter {
  /// What is odd about the files, though it can be scored.
  let warnings: [String]
  private let truth: [GroundTruthBox]
  private let detections: [ScoredBox]
  private let pictures: [Int]
  private let categories: [Int]

  /// Takes over what was read.
  ///
  /// - Parameters:
  ///   - truth: the data set; its pictures and categories are what is evaluated.
  ///   - results: the detections.
  ///   - categories: ids of the categories to evaluate; nil for all.
  init(truth: CocoAnnotations, results: CocoResults, categories: [Int]?) {
    pictures = truth.pictures.map(\.id)
    self.categories = categories ?? truth.categories.map(\.id)
    self.truth = truth.objects.map { object in
      GroundTruthBox(
        image: object.picture, category: object.category, x: object.box.x, y: object.box.y,
        width: object.box.width, height: object.box.height, area: object.area,
        isCrowd: object.isCrowd, isNumberedZero: object.id == 0)
    }
    detections = results.detections.map { found in
      ScoredBox(
        image: found.picture, category: found.category, x: found.box.x, y: found.box.y,
        width: found.box.width, height: found.box.height, score: found.score)
    }
    warnings = Self.warnings(truth, results)
  }

  /// The numbers of it all.
  func evaluation(limits: [Int]) -> CocoEvaluation {
    CocoEvaluation(
      truth: truth, detections: detections, images: pictures, categories: categories,
      limits: limits)
  }

  private static func warnings(_ truth: CocoAnnotations, _ results: CocoResults) -> [String] {
    let pictures = Set(truth.pictures.map(\.id))
    let known = Set(truth.categories.map(\.id))
    let strayed = truth.objects.count { !pictures.contains($0.picture) }
    let unnamed = truth.objects.count { !known.contains($0.category) }
    let foreign = results.detections.count { !known.contains($0.category) }
    var warnings: [String] = []
    if strayed > 0 {
      warnings.append(
        "warning: \(strayed) objects of the truth belong to no picture of it and do not count")
    }
    if unnamed > 0 {
      warnings.append(
        "warning: \(unnamed) objects of the truth belong to no category of it and do not count")
    }
    if foreign > 0 {
      warnings.append(
        "warning: \(foreign) detections have a category_id that the truth's categories lack, and "
          + "do not count; are they class positions instead of ids?")
    }
    if truth.objects.contains(where: { $0.id == 0 }) {
      warnings.append(
        "warning: the truth has an object with the id 0, and COCO's program, whose numbers these "
          + "are, takes a match with it for a miss; number the objects from 1")
    }
    return warnings
  }
}
