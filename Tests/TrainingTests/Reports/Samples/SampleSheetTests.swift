import Datasets
import Foundation
import Heads
import Inputs
import Models
import Testing

@testable import Training

struct SampleSheetTests {
  private let detection = TaskSpec(
    name: "shapes", head: "detection", group: "detection", index: 0, queries: 5, inputs: [.image],
    labels: ["circle", "square"],
    attributes: AttributeSpec(labels: ["red", "blue"], embedding: 8, hidden: 16))
  private let answer = TaskSpec(
    name: "questions", head: "answer", group: "vl", index: 1, queries: 2, inputs: [.image, .text],
    labels: ["yes", "no"])

  private func image(_ width: Int, _ height: Int) -> Image {
    Image(width: width, height: height, filledWith: (90, 120, 150))
  }

  private func detected(_ width: Int, _ height: Int, _ scores: [Float]) -> SampleTile {
    let sample = Sample(
      name: "/folders/that/nobody/needs/1.png", image: image(width, height),
      target: .objects(
        ObjectTargets(
          labels: [0, 9],
          boxes: [
            .init(centerX: 0.5, centerY: 0.5, width: 0.5, height: 0.5),
            .init(centerX: 0.9, centerY: 0.9, width: 0.5, height: 0.5),
          ], attributes: [[1, 7], []])))
    let found = scores.map { score in
      Detection(
        label: "square", classID: 1, score: score,
        box: .init(x: 1, y: 1, width: Float(width) / 2, height: Float(height) / 2),
        attributes: [.init(label: "red", score: score)])
    }
    return SampleTile(sample, answer: .detections(found), task: detection)
  }

  @Test func detectionsStandBesideTheTruth() {
    for (width, height) in [(64, 64), (640, 480), (3000, 10), (1, 1)] {
      for scores in [[], [0.1], [0.9, .nan, 0.5]] as [[Float]] {
        let tile = detected(width, height, scores)
        #expect(tile.halves.count == 2)
        for half in tile.halves {
          #expect(half.picture.map { max($0.width, $0.height) } == SampleTile.side)
        }
      }
    }
    let found = detected(64, 64, [0.9]).halves
    #expect(found[0].picture != found[1].picture)
  }

  @Test func sheetsGrowWithTheirTiles() {
    let tiles = [detected(64, 64, [0.9]), detected(640, 480, []), detected(64, 64, [])]
    let sizes = (1...3).map { SampleSheet.image(Array(tiles[..<$0]), title: "title").size }
    #expect(sizes[0].width < sizes[1].width && sizes[1].width == sizes[2].width)
    #expect(sizes[1].height < sizes[2].height)
  }

  @Test func answersStandBesideTheirPicture() {
    let ranked = [RankedAnswer(answer: "yes", score: 0.8), RankedAnswer(answer: "no", score: .nan)]
    for target in [
      .category(0), .category(7), .answers([(1, 0.3), (0, 1)]), .answers([]),
    ] as [Sample.Target] {
      for ranked in [ranked, []] {
        let sample = Sample(
          name: "a", image: image(64, 32), text: "is it red? " + String(repeating: "w", count: 900),
          target: target)
        let tile = SampleTile(sample, answer: .ranked(ranked), task: answer)
        #expect(tile.halves.map { $0.picture != nil } == [true, false])
        #expect(SampleSheet.image([tile], title: "").height < 1000)
        var text = sample
        text.image = nil
        text.secondText = "two"
        #expect(SampleTile(text, answer: .ranked(ranked), task: answer).halves.count == 1)
      }
    }
  }

  @Test func textIsBrokenAtSpaces() {
    let lines = TextBlock.broken("some words that are long", width: 60, limit: 9)
    #expect(lines.joined(separator: " ") == "some words that are long" && lines.count > 1)
    #expect(TextBlock.broken("", width: 60, limit: 3) == [""])
    let word = TextBlock.broken(String(repeating: "m", count: 50), width: 60, limit: 2)
    #expect(word.count == 2 && word[1].hasSuffix("..."))
    #expect(TextBlock.broken("mm mm", width: 1, limit: 9).joined() == "mmmm")
  }

  @Test func theFolderKeepsTheFirstTheBestAndTheNewest() throws {
    let folder = TemporaryFolder()
    let samples = SampleFolder(path: folder.path + "/samples")
    let sheet = image(4, 4)
    for step in 1...12 { try samples.write(sheet, task: "a/b-c", step: 10 * step) }
    try samples.write(sheet, task: "vqa", step: 10)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/samples/notes-x.png"))
    samples.tidy(best: 40)
    func steps() throws -> [Int] {
      try FileManager.default.contentsOfDirectory(atPath: samples.path).compactMap { name in
        name.hasPrefix("a_b-c-") ? Int(name.dropFirst(6).dropLast(4)) : nil
      }.sorted()
    }
    #expect(try steps() == [10, 40, 80, 90, 100, 110, 120])
    samples.truncate(after: 85)
    #expect(try steps() == [10, 40, 80])
    #expect(folder.exists("samples/notes-x.png") && folder.exists("samples/vqa-10.png"))
  }
}
