import Datasets
import Heads
import Testing

struct FirstSamplesTests {
  struct Numbers: TaskDataset {
    let count: Int
    func sample(_ index: Int) -> Sample { Sample(name: "\(index)", target: .category(index)) }
    func pictureName(_ index: Int) -> String? { "picture \(index)" }
    func sampleWithoutPicture(_ index: Int) -> Sample {
      Sample(name: "blind \(index)", target: .category(index))
    }
  }

  @Test func areTheDatasetsOwn() throws {
    let first = FirstSamples(3, of: Numbers(count: 5))
    #expect(first.count == 3)
    #expect(try (0..<3).map { try first.sample($0).name } == ["0", "1", "2"])
    #expect(first.pictureName(2) == "picture 2")
    #expect(try first.sampleWithoutPicture(1).name == "blind 1")
  }

  @Test func areNoMoreThanThereAre() {
    #expect(FirstSamples(9, of: Numbers(count: 5)).count == 5)
  }
}
