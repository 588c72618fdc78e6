import Heads
import Inputs
import Metrics
import Models
import Scenes
import Wording

/// Scenes that are made while they are asked for: nothing is written, and nothing is there to read
/// but the pictures that a recipe names.
///
/// The path is a recipe of scenes, or the name of one that comes with the program, such as `debian`;
/// the parts are `train` and `validation`. The scenes are the first `count` of
/// `unit data scenes --seed 1` for the part, the same in every epoch; the tasks of a training share
/// the pictures. A task learns
///
/// * from the head `detection`: the objects, with colours and sizes as attributes,
/// * from the head `answer`: one question of each scene,
/// * from another head on picture and text: one statement of each scene, as in SNLI-VE.
public struct SceneDataset: TaskDataset {
  /// Number of samples.
  public let count: Int
  private let generator: SceneGenerator
  private let learns: @Sendable (Scene, Int) -> Sample?
  private let name: String
  private let labels: String

  /// The seed of all scenes; the parts have other backgrounds and another order of random numbers.
  static let seed: UInt64 = 1
  /// Scenes that are tried for a sample before nothing is found to ask.
  private static let tries = 64

  @Sendable static func dataset(_ source: DatasetSource, for task: TaskSpec) throws
    -> any TaskDataset
  {
    try SceneDataset(source, task: task)
  }

  /// The scenes of a part for a task.
  ///
  /// - Throws: `DatasetError`, `RecipeError`, `SceneError`, `ImageError`.
  public init(_ source: DatasetSource, task: TaskSpec) throws {
    guard let split = SceneSplit(rawValue: source.split) else {
      throw DatasetError.unknownSplit(
        dataset: source.kind, split: source.split, known: SceneSplit.allCases.map(\.rawValue))
    }
    let isAsked = task.head != "detection"
    guard task.inputs == (isAsked ? [.image, .text] : [.image]) else {
      throw DatasetError.unfit(dataset: source.kind, task: task.name, head: task.head)
    }
    let file = try SharedScenes.file(source)
    // A task that does not fit is found before a thousand pictures are read.
    let recipe = try SceneRecipe(contentsOf: file)
    switch task.head {
    case "detection":
      let rows = try SceneTargets(recipe, task: task)
      learns = { scene, _ in rows.sample(scene) }
    case "answer":
      let rows = try AnswerRows(task: task, folder: parentFolder(of: file))
      learns = { scene, number in Self.question(scene, number, rows) }
    default:
      let rows = try ClassNames(EntailmentFile.classes, dataset: source.kind, task: task)
      learns = { scene, number in Self.statement(scene, number, rows) }
    }
    generator = try SharedScenes.generator(recipe, split, seed: Self.seed)
    count = recipe.count[split] ?? 0
    name = source.place
    labels = task.name
  }

  /// Makes a scene, and another one instead where there is nothing to ask.
  ///
  /// - Throws: `DatasetError` where the recipe's scenes give nothing to ask at all.
  public func sample(_ index: Int) throws -> Sample {
    for attempt in 0..<Self.tries {
      let scene = generator.scene(at: index + attempt * count)
      if var sample = learns(scene, index) {
        sample.name = "\(name), \(generator.split.rawValue) scene \(scene.index)"
        return sample
      }
    }
    throw DatasetError.malformed(
      file: name, entry: "scene \(index)",
      reason: "expected something to ask for the task '\(labels)' in \(Self.tries) scenes, found "
        + "nothing; are 'questions' and 'hypotheses' of the recipe's 'scene' 0?")
  }

  /// The question whose turn it is.
  private static func question(_ scene: Scene, _ number: Int, _ rows: AnswerRows) -> Sample? {
    guard !scene.questions.isEmpty else { return nil }
    let question = scene.questions[number % scene.questions.count]
    return Sample(
      name: "", image: scene.image, text: question.text,
      target: .answers(rows.targets([String](repeating: question.answer, count: 10))))
  }

  /// The statement whose turn it is.
  private static func statement(_ scene: Scene, _ number: Int, _ rows: ClassNames) -> Sample? {
    guard !scene.hypotheses.isEmpty else { return nil }
    let hypothesis = scene.hypotheses[number % scene.hypotheses.count]
    return rows[hypothesis.label.rawValue].map {
      Sample(name: "", image: scene.image, text: hypothesis.text, target: .category($0))
    }
  }
}
