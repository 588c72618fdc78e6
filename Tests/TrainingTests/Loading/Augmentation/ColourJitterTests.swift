import Inputs
import Tensors
import Testing

@testable import Training

struct ColourJitterTests {
  @Test func coloursEqualPillows() throws {
    let golden = try AugmentationGolden.read().colours
    let image = Image(width: 41, height: 25, pixels: [UInt8](golden.pixels))
    #expect(golden.changes.count == 22)
    for wanted in golden.changes {
      let value = Float(wanted.value)
      let change: ColourJitter.Change =
        switch wanted.change {
        case "brightness": .brightness(value)
        case "contrast": .contrast(value)
        case "saturation": .saturation(value)
        default: .hue(UInt8(truncatingIfNeeded: Int(wanted.value * 255)))
        }
      #expect(image.recoloured([change]).pixels == [UInt8](wanted.pixels), "\(change)")
    }
  }

  @Test func drawsWithinTheRangesInEveryOrder() {
    let jitter = ColourJitter(
      brightness: 0.5...1.5, contrast: 0.8...0.9, saturation: 1...2, hue: -0.1...0.1)
    var orders: Set<String> = []
    for seed in 0..<300 as Range<UInt64> {
      let changes = jitter.changes(key: RandomKey(seed: seed))
      #expect(changes == jitter.changes(key: RandomKey(seed: seed)))
      var order = ""
      for change in changes {
        switch change {
        case .brightness(let factor):
          #expect((0.5...1.5).contains(factor))
          order += "b"
        case .contrast(let factor):
          #expect((0.8...0.9).contains(factor))
          order += "c"
        case .saturation(let factor):
          #expect((1...2).contains(factor))
          order += "s"
        case .hue(let turn):
          #expect(turn <= 25 || turn >= 231)
          order += "h"
        }
      }
      orders.insert(order)
    }
    #expect(orders.filter { $0.count == 4 }.count == 24)
  }

  @Test func nothingIsChangedByDefault() {
    let image = Image(width: 2, height: 1, pixels: [1, 2, 3, 200, 100, 0])
    #expect(ColourJitter()(image, key: RandomKey(seed: 4)) == image)
  }
}
