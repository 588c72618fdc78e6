import Inputs
import Tensors
import Testing

@testable import Scenes

struct SceneBackgroundTests {
  private static let size = ImageSize(width: 60, height: 40)

  private static func photographs() throws -> [Image] {
    try SceneMaterial(SceneSample.recipe(), split: .train).backgrounds
  }

  private static func backgrounds(
    _ photographs: [Image], _ change: (inout SceneRecipe.Layout) -> Void
  ) -> [Image] {
    var layout = SceneRecipe.Layout()
    change(&layout)
    return (0..<40).map { number in
      var random = RandomStream(RandomKey(seed: UInt64(number)))
      return SceneBackground(photographs, layout, size: size, &random).image
    }
  }

  /// The mean of all numbers.
  private static func light(_ image: Image) -> Double {
    Double(image.pixels.reduce(0) { $0 + Int($1) }) / Double(image.pixels.count)
  }

  @Test func texturesAreManifoldAndRepeatable() throws {
    let photographs = try Self.photographs()
    let textures = Self.backgrounds(photographs) { $0.textures = 1 }
    #expect(textures == Self.backgrounds(photographs) { $0.textures = 1 })
    #expect(textures.allSatisfy { $0.size == Self.size })
    #expect(Set(textures.map { $0.pixels }).count == textures.count)
    // Nearly all show a change of colour and not a plain surface.
    let lively = textures.filter { image in
      let colours = stride(from: 0, to: image.pixels.count, by: 3).map { image.pixels[$0] }
      return Set(colours).count > 12
    }
    #expect(lively.count >= 34, "\(lively.count)")
  }

  @Test func aTurnedHueKeepsTheLight() throws {
    let photographs = try Self.photographs()
    let plain = Self.backgrounds(photographs) { $0.crop = 0.3 }
    let turned = Self.backgrounds(photographs) {
      $0.crop = 0.3
      $0.recoloured = 1
    }
    for (one, other) in zip(plain, turned) {
      #expect(one != other)
      // Colours that would lie beyond white or black are cut off, and grey's weights are not equal.
      #expect(abs(Self.light(one) - Self.light(other)) < 40)
    }
  }

  @Test func sharesAreAsAskedFor() throws {
    let photographs = try Self.photographs()
    let plain = Self.backgrounds(photographs) { _ in }
    let some = Self.backgrounds(photographs) { $0.recoloured = 0.5 }
    let same = zip(plain, some).count { $0 == $1 }
    #expect((10...30).contains(same), "\(same)")
  }
}
