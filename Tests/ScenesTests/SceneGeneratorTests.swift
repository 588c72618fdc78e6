import Inputs
import Tensors
import Testing

@testable import Scenes

struct SceneGeneratorTests {
  @Test func aSceneDependsOnSeedAndNumberAlone() throws {
    let (first, second) = (try SceneSample.generator(), try SceneSample.generator())
    let alone = (0..<12).map { first.scene(at: $0) }
    let together = try inParallel(12) { second.scene(at: 11 - $0) }.reversed()
    for (one, other) in zip(alone, together) {
      #expect(one.index == other.index && one.image == other.image)
      #expect(one.objects == other.objects && one.questions == other.questions)
    }
  }

  @Test func seedNumberAndPartMatter() throws {
    let image = try SceneSample.generator().scene(at: 0).image
    #expect(try SceneSample.generator().scene(at: 1).image != image)
    #expect(try SceneSample.generator(seed: 2).scene(at: 0).image != image)
    #expect(try SceneSample.generator(.validation).scene(at: 0).image != image)
  }

  @Test func boxesAreWhatIsSeen() throws {
    let generator = try SceneSample.generator(seed: 5)
    for index in 0..<40 {
      let scene = generator.scene(at: index)
      let composition = generator.composition(at: index)
      let labelled = (0..<composition.count).filter { composition.classIndex(of: $0) != nil }
      try #require(labelled.count == scene.objects.count)
      #expect((1...5).contains(labelled.count), "scene \(index)")
      for (item, object) in zip(labelled, scene.objects) {
        let seen = Extent(brightIn: composition.matte(of: item))
        #expect(composition.classIndex(of: item) == object.classIndex)
        #expect(seen.area == object.area && seen.box == object.box, "scene \(index)")
      }
    }
  }

  /// Two squares of whole pixels, one over the other and over the edge.
  @Test func occlusionIsExact() {
    func square(_ side: Int, opacity: UInt8) -> SceneLayer {
      SceneLayer(
        width: side, height: side,
        pixels: [UInt8](repeating: opacity, count: 4 * side * side))
    }
    var canvas = SceneCanvas(
      background: Image(width: 32, height: 32, filledWith: (10, 20, 30)))
    canvas.lay(square(10, opacity: 255), x: 4, y: 6, number: 1)
    canvas.lay(square(8, opacity: 255), x: 9, y: -2, number: 2)
    canvas.lay(square(20, opacity: 100), x: 0, y: 14, number: 3)
    canvas.lay(square(3, opacity: 200), x: 4, y: 10, number: 4)
    let views = canvas.views(4)
    // The second hides nothing of the first: it ends above. The third leaves 155/255 of it.
    #expect(views[0].box == PixelExtent(x: 4, y: 6, width: 10, height: 10))
    #expect(views[0].area == 100 - 9)
    #expect(views[1].box == PixelExtent(x: 9, y: 0, width: 8, height: 6))
    #expect(views[2].box == nil)
    #expect(views[3].area == 9)
    canvas.lay(square(6, opacity: 255), x: 4, y: 6, number: 5)
    canvas.lay(square(20, opacity: 100), x: 0, y: 14, number: 6)
    let after = canvas.views(6)
    // 155/255 of 155/255 is less than half: the rows from 14 are nobody's.
    #expect(after[0].box == PixelExtent(x: 4, y: 6, width: 10, height: 8))
    #expect(after[0].area == 80 - 9 - 30)
    #expect(canvas.image[30, 30] == (10, 20, 30))
  }

  @Test func objectsOfPaintedClassesComeInAllColours() throws {
    let generator = try SceneSample.generator(seed: 3)
    let rings = (0..<120).flatMap { generator.scene(at: $0).objects }.filter { $0.label == "ring" }
    #expect(Set(rings.compactMap(\.colour)).count >= 8)
  }

  @Test(arguments: [
    (200, 20, 25, SceneColour.red), (245, 130, 20, .orange), (240, 220, 40, .yellow),
    (40, 140, 60, .green), (30, 70, 190, .blue), (120, 40, 170, .purple), (250, 140, 190, .pink),
    (110, 65, 30, .brown), (15, 15, 15, .black), (250, 250, 248, .white), (128, 130, 127, .gray),
  ])
  func coloursHaveNames(red: Int, green: Int, blue: Int, name: SceneColour) {
    #expect(SceneColour.named(red: red, green: green, blue: blue) == name)
    let tone = name.tone
    #expect(
      SceneColour.named(red: Int(tone.red), green: Int(tone.green), blue: Int(tone.blue)) == name)
  }
}

/// What is seen in a matte, found without the generator's own means.
private struct Extent {
  var area = 0
  var box = PixelExtent(x: 0, y: 0, width: 0, height: 0)

  init(brightIn image: Image) {
    var columns: Set<Int> = []
    var rows: Set<Int> = []
    for y in 0..<image.height {
      for x in 0..<image.width where image[x, y].red >= 128 {
        columns.insert(x)
        rows.insert(y)
        area += 1
      }
    }
    guard let left = columns.min(), let right = columns.max(), let top = rows.min(),
      let bottom = rows.max()
    else { return }
    box = PixelExtent(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }
}
