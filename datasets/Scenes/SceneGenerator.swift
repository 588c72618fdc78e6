import Inputs
import Tensors

/// Makes scenes of the pictures that a recipe names ("cut, paste and learn": Dwibedi, Misra, Hebert
/// 2017).
///
/// A scene is a pure function of seed and number: any thread may make any scene at any time, and the
/// bytes are the same.
///
/// ```swift
/// let generator = try SceneGenerator(SceneRecipe(contentsOf: "scenes.yaml"), seed: 1)
/// let scene = generator.scene(at: 0)
/// ```
public struct SceneGenerator: Sendable {
  /// The recipe.
  public let recipe: SceneRecipe
  /// Which backgrounds are used.
  public let split: SceneSplit
  /// Names of the classes, by number.
  public var labels: [String] { material.kinds.map(\.name) }
  /// Names of the attributes that objects have: the colours, then the sizes.
  public static let attributes =
    SceneColour.allCases.map(\.rawValue) + Scene.Size.allCases.map(\.rawValue)

  let material: SceneMaterial
  private let key: RandomKey

  /// Reads all the pictures of a recipe, which takes some seconds for a thousand.
  ///
  /// - Throws: `SceneError`, `ImageError` or `CheckpointError` (of an archive), each naming the file.
  public init(_ recipe: SceneRecipe, split: SceneSplit = .train, seed: UInt64) throws {
    self.recipe = recipe
    self.split = split
    key = RandomKey(seed: seed).folding("scenes").folding(split.rawValue)
    material = try SceneMaterial(recipe, split: split)
  }

  private init(_ other: SceneGenerator, split: SceneSplit, seed: UInt64) throws {
    (recipe, self.split) = (other.recipe, split)
    key = RandomKey(seed: seed).folding("scenes").folding(split.rawValue)
    material = try SceneMaterial(other.material, recipe, split: split)
  }

  /// A generator for another part that has the same cut-outs in memory.
  ///
  /// - Throws: `SceneError`, `ImageError`.
  public func part(_ split: SceneSplit, seed: UInt64) throws -> SceneGenerator {
    try SceneGenerator(self, split: split, seed: seed)
  }

  /// Makes a scene.
  public func scene(at index: Int) -> Scene {
    let composition = composition(at: index)
    let canvas = composition.canvas
    var views = SceneContent(featured: composition.featured, size: canvas.size)
    for (item, view) in zip(composition.items, canvas.views(composition.count)) {
      views.add(item.role, view, material.kinds)
    }
    var random = RandomStream(key(index).folding("questions"))
    let questions = SceneQuestions(views, material.kinds)
      .draw(recipe.layout.questions, &random)
    var other = RandomStream(key(index).folding("hypotheses"))
    let hypotheses = SceneHypotheses(views, material.kinds)
      .draw(recipe.layout.hypotheses, &other)
    return Scene(
      index: index, image: canvas.image, objects: views.objects.map(\.object),
      questions: questions, hypotheses: hypotheses)
  }

  private func key(_ index: Int) -> RandomKey { key.folding(UInt64(bitPattern: Int64(index))) }

  /// Puts the things of a scene together.
  package func composition(at index: Int) -> SceneComposition {
    var random = RandomStream(key(index))
    let plan = ScenePlan(recipe.layout, kinds: material.kinds.count, &random)
    let background = SceneBackground(
      material.backgrounds, recipe.layout, size: plan.size, &random)
    var composition = SceneComposition(
      featured: plan.featured, canvas: SceneCanvas(background: background.image))
    for part in plan.parts {
      switch part {
      case .object(let kind): place(object: kind, plan, &composition, &random)
      case .distractor:
        guard let cutOut = random.pick(material.distractors) else { continue }
        let tint = SceneMaking.jitter(&random)
        place(cutOut, tint: tint, .distractor, plan, &composition, &random)
      case .patch:
        let patch = background.patch(of: material.backgrounds, &random)
        composition.place(patch, .patch, &random)
      }
    }
    return composition
  }

  private func place(
    object number: Int, _ plan: ScenePlan, _ composition: inout SceneComposition,
    _ random: inout RandomStream
  ) {
    let kind = material.kinds[number]
    let making = SceneMaking(kind, &random)
    let meant = making.colour
    let mayAsk = meant.map { random.chance(kind.share(asking: $0)) } ?? false
    place(
      kind.cutOuts[making.cutOut], tint: making.tint,
      .object(classIndex: number, meant: meant, mayAskColour: mayAsk), plan, &composition, &random)
  }

  private func place(
    _ cutOut: CutOut, tint: SceneTint, _ role: SceneComposition.Role, _ plan: ScenePlan,
    _ composition: inout SceneComposition, _ random: inout RandomStream
  ) {
    let isCloseUp = plan.isCloseUp && role.isLabelled
    let scale =
      isCloseUp
      ? SceneCloseUp.scale(of: cutOut, in: plan, &random) : scale(of: cutOut, in: plan, &random)
    let pose = SceneLayer.Pose(
      scale: scale, stretch: random.logUniform(0.87...1.15), angle: random.uniform(-0.24...0.24),
      isFlipped: random.chance(0.5), feather: random.pick([0, 1, 1, 2]) ?? 0)
    let layer = SceneLayer(cutOut, pose: pose, tint: tint)
    if isCloseUp {
      composition.place(closeUp: layer, role, &random)
    } else {
      composition.place(layer, role, &random)
    }
  }

  /// So large that the area is as planned and nothing but a little would be outside of the middle.
  private func scale(
    of cutOut: CutOut, in plan: ScenePlan, _ random: inout RandomStream
  ) -> Float {
    let area = random.logUniform(plan.areas) * Float(plan.size.area)
    let first = cutOut.levels[0]
    return min(
      (area / Float(cutOut.area)).squareRoot(), ScenePlan.largestScale,
      1.05 * Float(plan.size.width) / Float(first.width),
      1.05 * Float(plan.size.height) / Float(first.height))
  }
}
