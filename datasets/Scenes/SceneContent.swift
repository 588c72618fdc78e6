import Inputs

/// What is seen in a scene, as the questions need it.
struct SceneContent {
  /// A labelled object with what it was meant to be.
  struct Known {
    let object: Scene.Object
    /// Whether its colour may be asked for: it is the one it was made for, and the questions about
    /// the colours of its class stay balanced.
    let mayAskColour: Bool
  }

  /// Something without a label.
  struct Unknown {
    let box: PixelExtent
    let colour: SceneColour?
    let isPatch: Bool
  }

  let featured: Int
  /// Of the picture.
  let size: ImageSize
  private(set) var objects: [Known] = []
  private(set) var others: [Unknown] = []

  init(featured: Int, size: ImageSize) { (self.featured, self.size) = (featured, size) }

  mutating func add(
    _ role: SceneComposition.Role, _ view: SceneCanvas.View, _ kinds: [SceneMaterial.Kind]
  ) {
    guard let box = view.box else { return }
    let colour = view.colour
    switch role {
    case .object(let index, let meant, let mayAsk):
      let object = Scene.Object(
        classIndex: index, label: kinds[index].name, box: box, area: view.area, colour: colour,
        size: Scene.Size(box, in: size))
      objects.append(
        Known(object: object, mayAskColour: mayAsk && colour != nil && colour == meant))
    case .distractor: others.append(Unknown(box: box, colour: colour, isPatch: false))
    case .patch: others.append(Unknown(box: box, colour: colour, isPatch: true))
    }
  }

  /// Numbers of the classes that are there, sorted.
  var classes: [Int] { Set(objects.map(\.object.classIndex)).sorted() }

  /// The objects of a class.
  func members(of index: Int) -> [Scene.Object] {
    objects.map(\.object).filter { $0.classIndex == index }
  }

  /// The pairs of objects, each the only one of its class, for which something holds.
  func pairs(
    where holds: (Scene.Object, Scene.Object) -> Bool
  ) -> [(Scene.Object, Scene.Object)] {
    let objects = unique.map(\.object)
    return objects.flatMap { first in
      objects.filter { $0 != first && holds(first, $0) }.map { (first, $0) }
    }
  }

  /// How many objects of a class there are.
  func count(of index: Int) -> Int { objects.count { $0.object.classIndex == index } }

  /// The objects that are the only ones of their class.
  var unique: [Known] { objects.filter { count(of: $0.object.classIndex) == 1 } }

  /// Whether there are cut-outs without a label.
  var hasDistractors: Bool { others.contains { !$0.isPatch } }

  /// The objects that are the only things of a colour which nothing else might have.
  var uniqueByColour: [Known] {
    guard objects.allSatisfy({ $0.object.colour != nil }) else { return [] }
    guard others.allSatisfy({ $0.colour != nil }) else { return [] }
    return objects.filter { known in
      let colour = known.object.colour
      return objects.count { $0.object.colour == colour } == 1
        && !others.contains { $0.colour == colour }
    }
  }
}

extension Scene.Object {
  /// Whether it is clearly bigger than another, by what is seen and by the box.
  func isBigger(than other: Scene.Object) -> Bool {
    area * 2 >= other.area * 3 && box.area * 10 >= other.box.area * 13
  }
}
