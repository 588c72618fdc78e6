import Heads
import Inputs
import Tensors
import Testing
import Training

struct PictureAugmentationTests {
  /// A grey picture with a black rectangle that fills the box exactly.
  func picture(_ box: Detection.Box) -> Image {
    var pixels = [UInt8](repeating: 200, count: 3 * 20 * 16)
    for y in Int(box.y)..<Int(box.y + box.height) {
      for x in Int(box.x)..<Int(box.x + box.width) {
        for channel in 0..<3 { pixels[3 * (20 * y + x) + channel] = UInt8(channel) }
      }
    }
    return Image(width: 20, height: 16, pixels: pixels)
  }

  @Test(arguments: [
    Detection.Box(x: 5, y: 4, width: 3, height: 7), Detection.Box(x: 0, y: 6, width: 4, height: 2),
    Detection.Box(x: 12, y: 12, width: 8, height: 4),
    Detection.Box(x: 0, y: 0, width: 20, height: 16),
  ]) func theBoxFollowsThePixels(box: Detection.Box) {
    let augmentation = PictureAugmentation(flips: true, shift: 6)
    var seen: Set<String> = []
    for seed in 0..<200 as Range<UInt64> {
      let (image, boxes) = augmentation(picture(box), boxes: [box], key: RandomKey(seed: seed))
      #expect(image == picture(boxes[0]))
      seen.insert("\(boxes[0])")
      let (again, _) = augmentation(picture(box), boxes: [box], key: RandomKey(seed: seed))
      #expect(again == image)
    }
    // Two places from mirroring for a box at the side, many for one in the middle.
    #expect(box.x == 5 ? seen.count > 50 : box.width < 20 ? seen.count >= 2 : seen.count == 1)
  }

  @Test func withoutBoxesThePictureMovesFreely() {
    let image = picture(.init(x: 5, y: 4, width: 3, height: 7))
    let augmentation = PictureAugmentation(shift: 3)
    let results = (0..<100 as Range<UInt64>).map {
      augmentation(image, boxes: [], key: RandomKey(seed: $0)).image
    }
    #expect(Set(results.map(\.pixels)).count > 40)
  }

  @Test func nothingIsDoneByDefault() {
    let image = picture(.init(x: 5, y: 4, width: 3, height: 7))
    let result = PictureAugmentation()(image, boxes: [], key: RandomKey(seed: 1))
    #expect(result.image == image)
  }
}
