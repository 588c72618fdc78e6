import Layers
import Models
import Support
import Tensors
import Testing

/// Features that keep the finer map and what the network's own classifier says.
struct DetailedEfficientNetTests {
  private let groups = ["cat": [281, 282], "any": Array(0..<1000), "bird": [7, 9, 22]]

  private func configuration(fine: Bool, groups: [String: [Int]]) -> EfficientNetLiteConfiguration {
    var configuration = EfficientNetLiteConfiguration(
      stem: 4,
      stages: [
        .init(blocks: 1, kernel: 3, stride: 1, expansion: 1, width: 4),
        .init(blocks: 1, kernel: 3, stride: 2, expansion: 2, width: 6),
        .init(blocks: 2, kernel: 5, stride: 2, expansion: 2, width: 8),
      ], head: 12)
    configuration.isFine = fine
    configuration.classGroups = groups
    return configuration
  }

  private func pixels(_ height: Int, _ width: Int) -> Tensor {
    .normal([2, 3, height, width], key: RandomKey(seed: 8))
  }

  @Test(arguments: [(32, 48), (36, 20)]) func aPlaceHoldsItsFourFinerOnes(
    height: Int, width: Int
  ) throws {
    let configuration = configuration(fine: true, groups: [:])
    let detailed = try DetailedEfficientNet(configuration, in: ParameterSource(seed: 3).root)
    let plain = try EfficientNetLite(configuration, in: ParameterSource(seed: 3).root)
    #expect(detailed.channels == 8 + 4 * 6)
    let features = detailed(pixels(height, width))
    let (fine, coarse) = plain.maps(pixels(height, width))
    #expect(features.shape == coarse.shape.dropLast() + [32])
    expectClose(features.sliced(axis: 3, range: 0..<8), coarse, absolute: 1e-6)
    let (rows, columns) = (coarse.shape[1], coarse.shape[2])
    for row in 0..<rows {
      for column in 0..<columns {
        for (number, (down, right)) in [(0, 0), (0, 1), (1, 0), (1, 1)].enumerated() {
          let (y, x) = (2 * row + down, 2 * column + right)
          let own = features.sliced(axis: 1, range: row..<row + 1)
            .sliced(axis: 2, range: column..<column + 1)
            .sliced(axis: 3, range: 8 + 6 * number..<14 + 6 * number)
          let isInside = y < fine.shape[1] && x < fine.shape[2]
          let expected =
            isInside
            ? fine.sliced(axis: 1, range: y..<y + 1).sliced(axis: 2, range: x..<x + 1)
            : .zeros(own.shape)
          expectClose(own, expected, absolute: 1e-6)
        }
      }
    }
  }

  @Test func groupsAddUpWhatTheClassifierSays() throws {
    let configuration = configuration(fine: false, groups: groups)
    let detailed = try DetailedEfficientNet(configuration, in: ParameterSource(seed: 3).root)
    #expect(detailed.groupNames == ["any", "bird", "cat"])
    var classified = ImageClassifierConfiguration(
      backbone: .efficientNetLite(configuration), labels: ImageNetClasses.names,
      preprocessing: .efficientNetLite(side: 32))
    classified.backbone = .efficientNetLite(self.configuration(fine: false, groups: [:]))
    let classifier = try ImageClassifier(classified, in: ParameterSource(seed: 3).root)
    let pixels = pixels(32, 32)
    let all = classifier(pixels).logits.softmax()
    let told = detailed.groups(of: pixels)
    #expect(told.shape == [2, 3])
    for (column, name) in detailed.groupNames.enumerated() {
      for picture in 0..<2 {
        let sum = (groups[name] ?? []).reduce(Float(0)) {
          $0 + all.elements[picture * 1000 + $1]
        }
        #expect(abs(told.elements[picture * 3 + column] - sum) < 1e-5)
      }
    }
    // The evidence for a group of all classes is that of a probability of 1 everywhere.
    let features = detailed(pixels)
    let any = features.sliced(axis: 3, range: 8..<9).elements
    for value in any { #expect(abs(value - 2.0005) < 1e-4) }
  }
}
