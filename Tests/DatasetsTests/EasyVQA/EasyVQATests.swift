import Datasets
import Foundation
import Heads
import Inputs
import Testing

struct EasyVQATests {
  /// The pictures that `make_sample.py` draws; boxes at double size, right and bottom outside.
  static let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../datasets/EasyVQA/Sample").standardizedFileURL.path

  @Test func readsTheSample() throws {
    let data = try EasyVQA(directory: EasyVQATests.sample, split: .train)
    let expected: [(String, String, [Float])] = [
      ("rectangle", "blue", [52, 73, 112, 122]), ("circle", "teal", [30, 20, 71, 61]),
      ("triangle", "red", [61, 66, 110, 108]), ("rectangle", "brown", [0, 0, 44, 57]),
      ("circle", "black", [87, 87, 128, 128]), ("triangle", "yellow", [1, 90, 44, 128]),
    ]
    #expect(data.pictures.count == 6 && data.questions.count == 48)
    for (picture, (shape, colour, box)) in zip(data.pictures, expected) {
      #expect(EasyVQA.shapes[picture.shape] == shape)
      #expect(EasyVQA.colours[picture.colour] == colour)
      let found = [
        picture.box.x, picture.box.y, picture.box.x + picture.box.width,
        picture.box.y + picture.box.height,
      ]
      #expect(found == box.map { $0 / 2 }, "picture \(picture.id)")
    }
    #expect(data.questions[1].text == "what is the blue shape?")
    #expect(EasyVQA.answers[data.questions[1].answer] == "rectangle")
    #expect(data.questions[47].picture == 5)
    let test = try EasyVQA(directory: EasyVQATests.sample, split: .test)
    #expect(test.pictures.map(\.shape) == [1, 0] && test.pictures.map(\.colour) == [1, 3])
  }

  @Test(.enabled(if: EasyVQATests.realData != nil)) func readsTheWholeDataset() throws {
    let clock = ContinuousClock()
    var train: EasyVQA?
    let time = try clock.measure {
      train = try EasyVQA(directory: EasyVQATests.realData!, split: .train)
    }
    print("easy-VQA: 4,000 pictures and 38,575 questions read in \(time)")
    let test = try EasyVQA(directory: EasyVQATests.realData!, split: .test)
    func counts(_ values: [Int], _ names: [String]) -> [Int] {
      names.indices.map { index in values.count { $0 == index } }
    }
    #expect(train!.pictures.count == 4000 && train!.questions.count == 38_575)
    #expect(test.pictures.count == 1000 && test.questions.count == 9673)
    #expect(counts(train!.pictures.map(\.shape), EasyVQA.shapes) == [1355, 1349, 1296])
    #expect(counts(test.pictures.map(\.shape), EasyVQA.shapes) == [352, 348, 300])
    #expect(
      counts(train!.pictures.map(\.colour), EasyVQA.colours)
        == [508, 495, 465, 519, 517, 486, 526, 484])
    #expect(
      counts(test.pictures.map(\.colour), EasyVQA.colours)
        == [118, 136, 123, 125, 125, 123, 119, 131])
    if let path = ProcessInfo.processInfo.environment["EASY_VQA_BOXES"] {
      let boxes = try JSONDecoder().decode(
        [[Float]].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
      let found = (train!.pictures + test.pictures).map {
        [$0.box.x, $0.box.y, $0.box.x + $0.box.width, $0.box.y + $0.box.height]
      }
      #expect(found == boxes)
    }
  }

  static let realData = ProcessInfo.processInfo.environment["EASY_VQA_DATA"]
}
