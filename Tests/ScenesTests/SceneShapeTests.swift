import Inputs
import Testing

@testable import Scenes

/// Scenes that are not square, and objects that are close.
struct SceneShapeTests {
  private static func generator(
    aspect: Double = 1, closeUps: Double = 0, size: Int = 64
  ) throws -> SceneGenerator {
    var recipe = try SceneSample.recipe()
    recipe.layout.size = size
    recipe.layout.aspect = aspect
    recipe.layout.closeUps = closeUps
    return try SceneGenerator(recipe, seed: 6)
  }

  @Test func shapesAreDrawnWithinBounds() throws {
    let generator = try Self.generator(aspect: 0.6)
    let sizes = (0..<200).map { generator.scene(at: $0).image.size }
    for size in sizes {
      #expect(max(size.width, size.height) == 64)
      #expect((0.6...1 / 0.6).contains(Double(size.width) / Double(size.height)))
    }
    // Half of the pictures are wide; the middle of the wide ones is the root of the bound.
    let wide = sizes.filter { $0.width > $0.height }
    let flat = wide.filter { Double($0.height) < 64 * 0.6.squareRoot() }
    #expect((75...125).contains(wide.count), "\(wide.count)")
    #expect((30...70).contains(100 * flat.count / wide.count), "\(flat.count) of \(wide.count)")
  }

  @Test(arguments: [(0.5, 0.0), (1, 1), (0.6, 1)])
  func boxesAreWhatIsSeen(aspect: Double, closeUps: Double) throws {
    let generator = try Self.generator(aspect: aspect, closeUps: closeUps)
    let other = try Self.generator(aspect: aspect, closeUps: closeUps)
    for index in 0..<30 {
      let scene = generator.scene(at: index)
      let composition = generator.composition(at: index)
      let labelled = (0..<composition.count).filter { composition.classIndex(of: $0) != nil }
      try #require(labelled.count == scene.objects.count)
      for (item, object) in zip(labelled, scene.objects) {
        let matte = composition.matte(of: item)
        #expect(matte.size == scene.image.size)
        let seen = (0..<matte.height).flatMap { y in (0..<matte.width).map { (x: $0, y: y) } }
          .filter { matte[$0.x, $0.y].red >= 128 }
        let (columns, rows) = (seen.map(\.x), seen.map(\.y))
        #expect(object.area == seen.count && object.box.x == columns.min())
        #expect(object.box.y == rows.min())
        #expect(object.box.x + object.box.width - 1 == columns.max())
        #expect(object.box.y + object.box.height - 1 == rows.max())
      }
      let again = other.scene(at: index)
      #expect(again.image == scene.image && again.objects == scene.objects)
      #expect(again.questions == scene.questions)
    }
  }

  @Test func closeUpsAreLarge() throws {
    let generator = try Self.generator(aspect: 0.6, closeUps: 1)
    var (cut, covers, pairs, seen) = (0, 0, 0, 0)
    for index in 0..<150 {
      let scene = generator.scene(at: index)
      try #require((1...2).contains(scene.objects.count), "scene \(index)")
      let size = scene.image.size
      let composition = generator.composition(at: index)
      let labelled = composition.items.filter(\.role.isLabelled)
      for (item, object) in zip(labelled, scene.objects) {
        let whole = try #require(item.layer.extent)
        let left = item.x + whole.x
        let top = item.y + whole.y
        let isCut =
          left < 0 || top < 0 || left + whole.width > size.width
          || top + whole.height > size.height
        cut += isCut ? 1 : 0
        covers += 100 * object.box.area >= 30 * size.area ? 1 : 0
        let inside = whole.area(atX: left, y: top, in: size)
        #expect(100 * inside >= 29 * whole.area, "scene \(index): \(inside) of \(whole.area)")
        seen += 1
      }
      pairs += scene.objects.count == 2 ? 1 : 0
    }
    #expect(cut * 100 / seen > 30 && cut * 100 / seen < 80, "\(cut) of \(seen)")
    #expect(covers * 100 / seen > 75, "\(covers) of \(seen)")
    #expect(pairs > 15 && pairs < 60, "\(pairs)")
  }

  @Test func closeUpsAreAsFrequentAsAskedFor() throws {
    let generator = try Self.generator(closeUps: 0.25, size: 32)
    let plans = (0..<400).map { _ in generator.recipe.layout }.enumerated().map { number, layout in
      var random = RandomStream(.init(seed: UInt64(number)))
      return ScenePlan(layout, kinds: 5, &random)
    }
    #expect((65...135).contains(plans.count(where: \.isCloseUp)))
    #expect(plans.allSatisfy { !$0.isCloseUp || (1...2).contains($0.objects) })
  }
}
