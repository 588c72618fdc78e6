import Foundation
import Inputs
import Layers
import Models
import Support
import Tensors
import Testing

@testable import Heads

/// A second look scores boxes anew and keeps one of several that show the same object.
struct SecondLookTests {
  private let look = SecondLook(
    boxes: 2, side: 64, margin: 1.2, overlap: 0.5, least: 0.01, except: ["dog"])
  private let preprocessing = Preprocessing(resize: .fixed(width: 64, height: 64))
  private let picture = Image(width: 80, height: 60, filledWith: (200, 90, 40))

  private func network() throws -> UniT {
    var task = TaskSpec(
      name: "toys", head: "detection", group: "detection", index: 0, queries: 3, inputs: [.image],
      labels: ["any", "dog", "tree"])
    task.hasReferenceBoxes = true
    var configuration = UniTConfiguration.tiny(tasks: [task], vocabulary: 9)
    configuration.text = nil
    var backbone = EfficientNetLiteConfiguration(
      stem: 4,
      stages: [
        .init(blocks: 1, kernel: 3, stride: 2, expansion: 1, width: 4),
        .init(blocks: 1, kernel: 3, stride: 2, expansion: 2, width: 8),
      ], head: 12)
    // One group of every class, whose probability is 1, and one of a few.
    backbone.classGroups = ["any": Array(0..<1000), "dog": [151]]
    configuration.image?.backbone = .efficientNetLite(backbone)
    return try UniT(configuration, in: ParameterSource(seed: 1).root)
  }

  private func found(_ label: String, _ id: Int, _ score: Float, _ x: Float) -> Detection {
    Detection(
      label: label, classID: id, score: score, box: .init(x: x, y: 10, width: 20, height: 30))
  }

  @Test func scoresAreMeansWithWhatTheBackboneSays() throws {
    let all = [
      found("any", 0, 0.64, 5), found("tree", 2, 0.5, 5), found("any", 0, 0.36, 40),
      found("dog", 1, 0.3, 40), found("any", 0, 0.25, 60),
    ]
    let chosen = look.chosen(
      among: all, in: picture, network: try network(), preprocessing: preprocessing)
    let scores = Dictionary(uniqueKeysWithValues: chosen.map { ($0.index, $0.score) })
    // Looked at, and the backbone is sure.
    #expect(abs(scores[0]! - 0.8) < 1e-4 && abs(scores[2]! - 0.6) < 1e-4)
    // No group, and a class that is left to the detector.
    #expect(scores[1] == 0.5 && scores[3] == 0.3)
    // The third box was not looked at.
    #expect(abs(scores[4]! - 0.05) < 1e-4)
    #expect(chosen.map(\.score) == chosen.map(\.score).sorted(by: >))
  }

  @Test func theBackboneMayWeighLess() throws {
    let all = [found("any", 0, 0.64, 5), found("any", 0, 0.36, 40), found("any", 0, 0.25, 60)]
    func scores(_ weight: Float) throws -> [Float] {
      var look = look
      look.weight = weight
      return look.chosen(
        among: all, in: picture, network: try network(), preprocessing: preprocessing
      ).map(\.score)
    }
    #expect(zip(try scores(0), all).allSatisfy { abs($0 - $1.score) < 1e-5 })
    let (seen, unseen) = (try scores(0.25), pow(Float(0.25), 0.75) * pow(Float(0.01), 0.25))
    #expect(abs(seen[0] - pow(Float(0.64), 0.75)) < 1e-4 && abs(seen[2] - unseen) < 1e-4)
    #expect(try scores(1)[0] > 0.999)
    // What the backbone cannot tell counts as a probability that the task chooses.
    var neutral = look
    neutral.neutral = 0.5
    let others = neutral.chosen(
      among: [found("tree", 2, 0.5, 5), found("dog", 1, 0.32, 40)], in: picture,
      network: try network(), preprocessing: preprocessing)
    #expect(others.map(\.index) == [0, 1])
    #expect(abs(others[0].score - 0.5) < 1e-5 && abs(others[1].score - 0.4) < 1e-5)
  }

  @Test func ofBoxesThatOverlapTheBestIsKept() throws {
    let all = [
      found("any", 0, 0.64, 5), found("any", 0, 0.6, 8), found("tree", 2, 0.5, 6),
      found("tree", 2, 0.4, 50),
    ]
    let chosen = look.chosen(
      among: all, in: picture, network: try network(), preprocessing: preprocessing)
    #expect(chosen.map(\.index) == [0, 2, 3])
  }

  @Test func boxesOfOneObjectMayBeMerged() throws {
    let all = [found("any", 0, 0.64, 4), found("any", 0, 0.16, 9), found("tree", 2, 0.3, 4)]
    var look = look
    look.merges = true
    let chosen = look.chosen(
      among: all, in: picture, network: try network(), preprocessing: preprocessing)
    #expect(chosen.map(\.index) == [0, 2])
    // Scores of 0.8 and 0.4; the tree is another class.
    #expect(abs(chosen[0].box.x - (0.8 * 4 + 0.4 * 9) / 1.2) < 1e-3)
    #expect(chosen[0].box.width == 20 && chosen[1].box.x == 4)
  }

  @Test func boxesBeyondThePictureAreLookedAtAsFarAsTheyGo() throws {
    let outside = [
      Detection(
        label: "any", classID: 0, score: 0.5,
        box: .init(x: -30, y: -40, width: 20, height: 20)),
      Detection(
        label: "any", classID: 0, score: 0.4, box: .init(x: 70, y: 55, width: 300, height: 2)),
    ]
    let chosen = look.chosen(
      among: outside, in: picture, network: try network(), preprocessing: preprocessing)
    #expect(chosen.count == 2 && chosen.allSatisfy { $0.score.isFinite })
    #expect(
      look.chosen(among: [], in: picture, network: try network(), preprocessing: preprocessing)
        .isEmpty)
  }
}
