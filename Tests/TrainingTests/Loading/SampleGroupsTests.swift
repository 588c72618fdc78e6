import Datasets
import Tensors
import Testing

@testable import Training

/// Questions about the same picture are drawn together.
struct SampleGroupsTests {
  private struct Questions: TaskDataset {
    var pictures: [String?]
    var count: Int { pictures.count }
    func sample(_ index: Int) -> Sample {
      Sample(name: "\(index)", text: "\(index)?", target: .category(0))
    }
    func pictureName(_ index: Int) -> String? { pictures[index] }
  }

  private let data = Questions(pictures: ["a", "b", "a", "a", "b", "c"])

  @Test func everyQuestionHasItsTurn() throws {
    let groups = try SampleGroups(of: data, size: 2, task: "vqa")
    #expect(groups.count == 3)
    for seed in 0..<20 {
      let key = RandomKey(seed: UInt64(seed))
      let (a, b, c) = (groups.draw(0, key: key), groups.draw(1, key: key), groups.draw(2, key: key))
      #expect(a.count == 2 && Set(a).count == 2 && Set(a).isSubset(of: [0, 2, 3]))
      #expect(Set(b) == [1, 4])
      #expect(c == [5, 5])
      #expect(groups.draw(0, key: key) == a)
    }
    let drawn = (0..<20).flatMap { groups.draw(0, key: RandomKey(seed: $0)) }
    #expect(Set(drawn) == [0, 2, 3])
  }

  @Test func oneQuestionAPictureKeepsTheOrderOfTheData() throws {
    let groups = try SampleGroups(of: data, size: 1, task: "vqa")
    #expect(groups.count == 6)
    #expect((0..<6).flatMap { groups.draw($0, key: RandomKey(seed: 1)) } == Array(0..<6))
  }

  @Test func picturesWithoutNamesAreRefused() {
    let error = #expect(throws: TrainingError.self) {
      try SampleGroups(of: Questions(pictures: ["a", nil]), size: 2, task: "vqa")
    }
    #expect(error?.description.contains("task 'vqa': questions_per_picture") == true)
  }
}
