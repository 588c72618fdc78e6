import Inputs
import Tensors
import Testing

@testable import Training

struct MultiScaleTests {
  @Test func sizesEqualDETRs() throws {
    for golden in try AugmentationGolden.read().sizes {
      let found = MultiScale.size(
        of: ImageSize(width: golden[0], height: golden[1]), short: golden[2], longest: golden[3])
      #expect([found.width, found.height] == [golden[4], golden[5]], "\(golden)")
    }
  }

  @Test(arguments: [
    ImageSize(width: 640, height: 480), ImageSize(width: 333, height: 500),
    ImageSize(width: 3000, height: 200), ImageSize(width: 7, height: 7),
  ]) func everyStepIsWithinTheRecipe(size: ImageSize) {
    let scales = PictureAugmentation.detr.multiScale!
    // The shorter side is rounded, and the longer one follows it beyond the longest.
    let stretch = Double(max(size.width, size.height)) / Double(min(size.width, size.height))
    let longest = 1333 + Int(stretch / 2)
    var lengths: Set<Int> = []
    var parts = 0
    for seed in 0..<400 as Range<UInt64> {
      let steps = scales.steps(for: size, key: RandomKey(seed: seed))
      #expect(steps == scales.steps(for: size, key: RandomKey(seed: seed)))
      guard case .resize(let last) = steps.last else {
        Issue.record("the last step is \(steps)")
        continue
      }
      #expect(max(last.width, last.height) <= longest)
      lengths.insert(min(last.width, last.height))
      guard steps.count == 3, case .resize(let large) = steps[0],
        case .crop(let columns, let rows) = steps[1]
      else {
        #expect(steps.count == 1)
        continue
      }
      parts += 1
      #expect([400, 500, 600].contains(min(large.width, large.height)))
      #expect(columns.lowerBound >= 0 && columns.upperBound <= large.width)
      #expect(rows.lowerBound >= 0 && rows.upperBound <= large.height)
      #expect((384...600).contains(columns.count) && (384...600).contains(rows.count))
    }
    #expect((150...250).contains(parts))
    #expect(stretch > 2 || lengths.isSuperset(of: MultiScale.shortOfDETR))
  }

  @Test func aShorterSideThanTheLeastStaysWhole() {
    let scales = MultiScale(short: [20], longest: 40, crop: .init(short: [10], least: 16, most: 18))
    for seed in 0..<50 as Range<UInt64> {
      let steps = scales.steps(
        for: ImageSize(width: 30, height: 10), key: RandomKey(seed: seed))
      guard steps.count == 3, case .crop(let columns, let rows) = steps[1] else { continue }
      #expect(rows == 0..<10 && (16...18).contains(columns.count))
    }
  }

  @Test func onlyTheSizeOfThePreprocessingChanges() {
    let model = Preprocessing(
      resize: .fixed(width: 9, height: 9), filter: .bicubic, crop: ImageSize(width: 7, height: 7),
      scale: 1, mean: [1, 2, 3], standardDeviation: [4, 5, 6],
      padding: ImageSize(width: 32, height: 32))
    let kept = model.keepingSizes
    #expect(
      kept
        == Preprocessing(
          resize: .none, filter: .bicubic, scale: 1, mean: [1, 2, 3],
          standardDeviation: [4, 5, 6], padding: ImageSize(width: 32, height: 32)))
    #expect(kept.batch([Image(width: 40, height: 20, filledWith: (0, 0, 0))]).width == 40)
  }
}
