import Foundation
import Testing

struct DataConvertTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let coco = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("datasets/COCO/Sample").path

  @Test func wayThereAndBack() throws {
    let (yolo, back) = (folder.path("yolo"), folder.path("back"))
    let there = try unit("data", "convert", Self.coco, "--to", "yolo", "--output", yolo)
    #expect(there.status == 0, "\(there.errors)")
    #expect(
      there.text == "\(yolo): train: 4 pictures, 6 objects\n\(yolo): val: 2 pictures, 3 objects\n")
    let again = try unit("data", "convert", yolo, "--to", "coco", "--output", back)
    #expect(again.status == 0, "\(again.errors)")
    for part in ["train", "val"] {
      func sorted(_ root: String) throws -> NSDictionary {
        let file = root + "/annotations/instances_\(part).json"
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        return try #require(JSONSerialization.jsonObject(with: data) as? NSDictionary)
      }
      #expect(try sorted(back) == sorted(Self.coco))
    }
    #expect(try unit("data", "check", back).status == 0)
  }

  @Test func badRequests() throws {
    func convert(_ arguments: String...) throws -> Execution {
      try unit(raw: (["data", "convert"] + arguments).map { Array($0.utf8) })
    }
    let output = folder.path("out")
    expectFailure(try convert(Self.coco, "--output", output), 64, saying: "--to")
    expectFailure(
      try convert(Self.coco, "--to", "vok", "--output", output), 64, saying: "did you mean 'voc'")
    expectFailure(
      try convert(folder.path("none"), "--to", "voc", "--output", output), 66, saying: "none")
    expectFailure(
      try convert(Self.coco, "--to", "voc", "--output", Self.coco), 73, saying: "not an empty")
    expectFailure(
      try convert(Self.coco, "--to", "voc", "--output", output, "--split", "test"), 66,
      saying: "'test'")
  }
}
