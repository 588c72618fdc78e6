import Inputs

extension SceneComposition {
  /// How often a place is looked for.
  private static let tries = 8

  /// Lays a layer where most of it is seen and nothing below is hidden too much; nowhere if no such
  /// place is found soon.
  mutating func place(_ layer: SceneLayer, _ role: Role, _ random: inout RandomStream) {
    let areas = canvas.areas(count)
    for _ in 0..<Self.tries {
      let x = ScenePlan.start(of: layer.width, in: canvas.size.width, &random)
      let y = ScenePlan.start(of: layer.height, in: canvas.size.height, &random)
      let (shown, taken) = canvas.effect(of: layer, x: x, y: y)
      guard shown * 100 >= layer.area * 55, isEnough(shown), leavesEnough(taken, of: areas) else {
        continue
      }
      lay(Item(layer: layer, x: x, y: y, role: role, area: layer.area))
      return
    }
  }

  /// Lays a very large layer where it covers enough of the scene and nothing below is hidden too
  /// much; the first thing of all lies somewhere in any case.
  mutating func place(closeUp layer: SceneLayer, _ role: Role, _ random: inout RandomStream) {
    guard let extent = layer.extent else { return }
    let areas = canvas.areas(count)
    let size = canvas.size
    let mayBeCut = random.chance(SceneCloseUp.cutShare)
    for attempt in 1...Self.tries {
      let x = SceneCloseUp.start(of: extent.width, in: size.width, mayBeCut, &random)
      let y = SceneCloseUp.start(of: extent.height, in: size.height, mayBeCut, &random)
      let seen = extent.area(atX: x, y: y, in: size)
      let isLast = attempt == Self.tries && items.isEmpty
      let covers = Float(seen) >= SceneCloseUp.shares.lowerBound * Float(size.area)
      guard covers || isLast else { continue }
      let item = (x: x - extent.x, y: y - extent.y)
      let (shown, taken) = canvas.effect(of: layer, x: item.x, y: item.y)
      guard leavesEnough(taken, of: areas) else { continue }
      lay(Item(layer: layer, x: item.x, y: item.y, role: role, area: shown))
      return
    }
  }

  private mutating func lay(_ item: Item) {
    items.append(item)
    canvas.lay(item.layer, x: item.x, y: item.y, number: UInt8(count))
  }

  /// Fewer pixels than this could not be recognised.
  private func isEnough(_ pixels: Int) -> Bool { pixels * 1500 >= canvas.size.area }

  /// Whether enough is seen of everything once pixels are taken from it.
  ///
  /// - Parameters:
  ///   - taken: from each, by its number.
  ///   - areas: what is seen of each.
  private func leavesEnough(_ taken: [Int], of areas: [Int]) -> Bool {
    items.indices.allSatisfy { item in
      let left = areas[item] - taken[item + 1]
      return left * 100 >= items[item].area * 40 && isEnough(left)
    }
  }
}
