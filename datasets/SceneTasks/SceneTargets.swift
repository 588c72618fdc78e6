import Heads
import Inputs
import Metrics
import Models
import Scenes

/// The objects of scenes in a task's rows.
struct SceneTargets {
  private let task: TaskSpec
  private let classRows: [Int]
  private let attributeRows: [String: Int]

  /// The rows of a recipe's classes; of the attributes, those that the task has.
  ///
  /// - Throws: `DatasetError.unknownLabel`.
  init(_ recipe: SceneRecipe, task: TaskSpec) throws {
    self.task = task
    func rows(_ names: [String], _ labels: [String]) throws -> [Int] {
      let categories = names.enumerated().map { MarkedPictures.Category(id: $0 + 1, name: $1) }
      let rows = LabelRows(categories, labels: labels, task: task.name)
      return try categories.map { try rows.row(of: $0, file: recipe.file) }
    }
    classRows = try rows(recipe.classes.map(\.name), task.labels)
    guard let attributes = task.attributes?.labels else {
      attributeRows = [:]
      return
    }
    let names = SceneGenerator.attributes
    attributeRows = Dictionary(
      uniqueKeysWithValues: zip(names, try rows(names, attributes)).map { ($0, $1) })
  }

  /// A scene as DETR learns it: boxes in fractions of the picture.
  func sample(_ scene: Scene) -> Sample {
    let (width, height) = (Float(scene.image.width), Float(scene.image.height))
    var targets = ObjectTargets(labels: [], boxes: [])
    var marked: [GroundTruthBox] = []
    for object in scene.objects {
      let (row, box) = (classRows[object.classIndex], object.box)
      targets.labels.append(row)
      targets.boxes.append(
        ObjectTargets.Box(
          centerX: box.centre.x / width, centerY: box.centre.y / height,
          width: Float(box.width) / width, height: Float(box.height) / height))
      targets.attributes.append(
        [object.colour?.rawValue, object.size.rawValue].compactMap { name in
          name.flatMap { attributeRows[$0] }
        })
      marked.append(
        GroundTruthBox(
          image: 0, category: task.labelIDs?[row] ?? row, x: Double(box.x), y: Double(box.y),
          width: Double(box.width), height: Double(box.height), area: Double(object.area),
          isCrowd: false))
    }
    return Sample(name: "", image: scene.image, target: .objects(targets), marked: marked)
  }
}
