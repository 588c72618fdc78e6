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

  /// Makes a scene.
  public func scene(at index: Int) -> Scene {
    let composition = composition(at: index)
    let canvas = composition.canvas
    var views = SceneContent(featured: composition.featured, side: canvas.size)
    for (item, view) in zip(composition.items, canvas.views(composition.count)) {
      views.add(item.role, view, material.kinds)
    }
    var random = RandomStream(key(index).folding("questions"))
    let questions = SceneQuestions(views, material.kinds)
      .draw(recipe.layout.questions, &random)
    return Scene(
      index: index, image: canvas.image, objects: views.objects.map(\.object),
      questions: questions)
  }

  private func key(_ index: Int) -> RandomKey { key.folding(UInt64(bitPattern: Int64(index))) }

  /// Puts the things of a scene together.
  package func composition(at index: Int) -> SceneComposition {
    var random = RandomStream(key(index))
    let plan = ScenePlan(recipe.layout, kinds: material.kinds.count, &random)
    let background = SceneBackground(material.backgrounds, size: recipe.layout.size, &random)
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
        place(patch, .patch, &composition, &random)
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
    let side = Float(recipe.layout.size)
    let area = random.logUniform(plan.areas) * side * side
    let first = cutOut.levels[0]
    let longest = 1.05 * side / Float(max(first.width, first.height))
    let pose = SceneLayer.Pose(
      scale: min((area / Float(cutOut.area)).squareRoot(), longest),
      stretch: random.logUniform(0.87...1.15), angle: random.uniform(-0.24...0.24),
      isFlipped: random.chance(0.5), feather: random.pick([0, 1, 1, 2]) ?? 0)
    place(SceneLayer(cutOut, pose: pose, tint: tint), role, &composition, &random)
  }

  /// Lays a layer where most of it is seen and nothing below is hidden too much; nowhere if no such
  /// place is found soon.
  private func place(
    _ layer: SceneLayer, _ role: SceneComposition.Role, _ composition: inout SceneComposition,
    _ random: inout RandomStream
  ) {
    let size = recipe.layout.size
    let views = composition.canvas.areas(composition.count)
    for _ in 0..<8 {
      let x = ScenePlan.start(of: layer.width, in: size, &random)
      let y = ScenePlan.start(of: layer.height, in: size, &random)
      let (shown, taken) = composition.canvas.effect(of: layer, x: x, y: y)
      guard shown * 100 >= layer.area * 55, shown * 1500 >= size * size else { continue }
      let leavesEnough = composition.items.indices.allSatisfy { item in
        let left = views[item] - taken[item + 1]
        return left * 100 >= composition.items[item].layer.area * 40
          && left * 1500 >= size * size
      }
      guard leavesEnough else { continue }
      composition.items.append(.init(layer: layer, x: x, y: y, role: role))
      composition.canvas.lay(layer, x: x, y: y, number: UInt8(composition.count))
      return
    }
  }
}
