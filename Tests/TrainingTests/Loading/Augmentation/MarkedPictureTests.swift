import Heads
import Inputs
import Support
import Tensors
import Testing

@testable import Training

struct MarkedPictureTests {
  @Test func boxesEqualDETRs() throws {
    let pipelines = try AugmentationGolden.read().pipelines
    #expect(pipelines.contains { $0.kept.count < $0.boxes.count })
    for golden in pipelines {
      let size = ImageSize(width: golden.size[0], height: golden.size[1])
      let part = golden.part
      var picture = MarkedPicture(
        Image(width: size.width, height: size.height, filledWith: (0, 0, 0)),
        boxes: golden.boxes.map {
          Detection.Box(x: $0[0], y: $0[1], width: $0[2] - $0[0], height: $0[3] - $0[1])
        })
      picture.resize(
        to: ImageSize(width: golden.large[0], height: golden.large[1]), filter: .nearest)
      picture.crop(
        columns: part[0]..<part[0] + part[2], rows: part[1]..<part[1] + part[3])
      let last = MultiScale.size(
        of: picture.image.size, short: golden.short, longest: golden.longest)
      #expect([last.width, last.height] == golden.last)
      picture.resize(to: last, filter: .nearest)
      #expect(picture.objects == golden.kept)
      for (box, expected) in zip(picture.boxes, golden.result) {
        let edges = [box.x, box.y, box.x + box.width, box.y + box.height]
        for (edge, wanted) in zip(edges, expected) { #expect(abs(edge - wanted) < 2e-3) }
      }
    }
  }

  @Test func objectsWithoutAreaAreLeftOut() {
    var picture = MarkedPicture(
      Image(width: 10, height: 8, filledWith: (1, 2, 3)),
      boxes: [
        Detection.Box(x: 0, y: 0, width: 4, height: 8),
        Detection.Box(x: 3, y: 1, width: 4, height: 2),
        Detection.Box(x: 9, y: 7, width: 1, height: 1),
      ])
    picture.crop(columns: 4..<9, rows: 2..<8)
    #expect(picture.objects == [1])
    #expect(picture.boxes == [Detection.Box(x: 0, y: 0, width: 3, height: 1)])
    #expect(picture.image.size == ImageSize(width: 5, height: 6))
  }
}
