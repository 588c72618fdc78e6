import Foundation
import Testing

struct ScoreDetectionTests {
  private let folder: TemporaryFolder
  private let truth: String
  private let found: String

  init() throws {
    folder = try TemporaryFolder()
    truth = try folder.file("truth.json", Array(Self.truth().utf8))
    found = try folder.file("found.json", Array(Self.found().utf8))
  }

  /// Two pictures, a cat and a dog in each.
  private static func truth(firstID: Int = 1) -> String {
    let objects = (0..<4).map { number in
      """
      {"id":\(firstID + number),"image_id":\(number / 2 + 1),"category_id":\(number % 2 * 2 + 1),\
      "bbox":[\(number * 10),5,50,40],"area":1500.5,"iscrowd":0,"segmentation":[[1,2,3,4]]}
      """
    }
    return """
      {"images":[{"id":1},{"id":2}],"categories":[{"id":1,"name":"cat"},{"id":3,"name":"dog"}],
       "annotations":[\(objects.joined(separator: ","))]}
      """
  }

  /// All of them but the last, each exactly.
  private static func found(category: Int = 3) -> String {
    """
    [{"image_id":1,"category_id":1,"bbox":[0,5,50,40],"score":0.9},
     {"image_id":1,"category_id":\(category),"bbox":[10,5,50,40],"score":0.8},
     {"image_id":2,"category_id":1,"bbox":[20,5,50,40],"score":0.7}]
    """
  }

  private func score(_ more: String...) throws -> Execution {
    let all = ["score", "detection", "--truth", truth, "--predictions", found] + more
    return try unit(raw: all.map { Array($0.utf8) })
  }

  private func expectBadFile(
    truth: String? = nil, found: String? = nil, _ words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let truthFile = try truth.map { try folder.file("a.json", Array($0.utf8)) }
    let foundFile = try found.map { try folder.file("b.json", Array($0.utf8)) }
    let run = try unit(
      "score", "detection", "--truth", truthFile ?? self.truth, "--predictions",
      foundFile ?? self.found)
    expectFailure(run, 65, saying: words, sourceLocation: sourceLocation)
  }

  @Test func theTwelveLinesAreCOCOs() throws {
    let run = try score()
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    // As pycocotools 2.0.11 prints them for these files.
    #expect(
      run.text == """
         Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.752
         Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.752
         Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets=100 ] = 0.752
         Average Precision  (AP) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = -1.000
         Average Precision  (AP) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 0.752
         Average Precision  (AP) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000
         Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 0.750
         Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets= 10 ] = 0.750
         Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.750
         Average Recall     (AR) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = -1.000
         Average Recall     (AR) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 0.750
         Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000

        """)
  }

  @Test func jsonHasUnroundedNumbersAndClasses() throws {
    let run = try score("--classes", "--format", "json")
    let report = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
    let names = [
      "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl",
    ]
    #expect(names.allSatisfy { report?[$0] is Double } && report?["schema"] as? Int == 1)
    #expect(abs((report?["AP"] as? Double ?? 0) - 0.7524752475247525) < 1e-9)
    #expect(report?["APs"] as? Double == -1)
    let classes = try #require(report?["classes"] as? [[String: Any]])
    #expect(classes.map { $0["category"] as? String } == ["cat", "dog"])
    #expect(classes.map { $0["category_id"] as? Int } == [1, 3])
    #expect(classes.map { $0["objects"] as? Int } == [2, 2])
    #expect(classes.map { $0["detections"] as? Int } == [2, 1])
    #expect(classes[1]["AR100"] as? Double == 0.5)
  }

  @Test func classesGetATable() throws {
    let run = try score("--classes")
    #expect(run.text.contains("\n\ncategory     AP   AP50     AR  objects  detections\n"))
    #expect(run.text.contains("\ndog       0.505  0.505  0.500        2           1\n"))
  }

  @Test func aCategoryCanBeChosen() throws {
    for name in ["dog", "3"] {
      let run = try score("--category", name, "--format", "json")
      #expect(run.text.contains("\"AR100\":0.5,"), "\(run.errors)")
    }
    expectFailure(
      try score("--category", "dgo"), 64, saying: "no category 'dgo'; did you mean 'dog'?",
      "cat, dog")
  }

  @Test func limitsOfBoxesCanBeChosen() throws {
    let run = try score("--max-dets", "1,2,300")
    #expect(run.text.contains("| maxDets=300 ] = 0.752\n"))
    for limits in ["1,10", "10,1,100", "a,b,c", "0,1,2", "1,10,99999999999999999999"] {
      expectFailure(try score("--max-dets", limits), 64, saying: "three numbers")
    }
  }

  @Test func wrongUsageGetsASuggestion() throws {
    expectFailure(try score("--metric", "cocoo"), 64, saying: "did you mean 'coco'?")
    expectFailure(try score("--iou-type", "segm"), 64, saying: "'segm' is not one of bbox")
    expectFailure(try unit("score", "detecton"), 64, saying: "did you mean 'detection'?")
    expectFailure(try unit("score", "detection"), 64, saying: "--truth")
  }

  @Test func missingFilesAreNamed() throws {
    let run = try unit(
      "score", "detection", "--truth", folder.path("truht.json"), "--predictions", found)
    expectFailure(run, 66, saying: "truht.json", "did you mean 'truth.json'?")
    let other = try unit("score", "detection", "--truth", truth, "--predictions", folder.path)
    expectFailure(other, 66, saying: "it is a folder")
  }

  @Test func badFilesAreRefused() throws {
    try expectBadFile(truth: "", "found the end of the file")
    try expectBadFile(truth: Self.found(), "belongs to --predictions")
    try expectBadFile(found: Self.truth(), "expected COCO's results")
    try expectBadFile(found: "[{\"score\":NaN}]", "[0].score, byte 10 (line 1)")
    try expectBadFile(found: "[{\"score\":1e400}]", "found 1e400")
    try expectBadFile(found: "[{\"image_id\":99999999999999999999}]", "whole number")
    try expectBadFile(found: "[{\"image_id\":3}]", "the id of a picture of the truth, found 3")
    try expectBadFile(
      found: "[{\"image_id\":1,\"category_id\":1,\"bbox\":[1,2,3],\"score\":1}]", "[0].bbox")
    try expectBadFile(found: "[{\"x\":" + String(repeating: "[", count: 100_000), "64 levels")
  }

  @Test func hugeBoxesEndInNumbers() throws {
    let box = "[-1e308,-1e308,1.7e308,1.7e308]"
    let one = "{\"image_id\":1,\"category_id\":1,\"bbox\":\(box),\"score\":1e308}"
    let file = try folder.file("huge.json", Array("[\(one),\(one)]".utf8))
    let run = try unit("score", "detection", "--truth", truth, "--predictions", file)
    #expect(run.status == 0 && run.text.contains("maxDets=100 ]"), "\(run.errors)")
  }

  @Test func oddFilesGetAWarning() throws {
    let file = try folder.file("other.json", Array(Self.found(category: 2).utf8))
    let run = try unit("score", "detection", "--truth", truth, "--predictions", file)
    #expect(run.status == 0 && run.errors.contains("1 detections have a category_id"))
    let zero = try folder.file("zero.json", Array(Self.truth(firstID: 0).utf8))
    let second = try unit("score", "detection", "--truth", zero, "--predictions", found)
    #expect(second.errors.contains("an object with the id 0"))
    // pycocotools 2.0.11 on these files.
    #expect(second.text.contains("IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.379\n"))
    let quiet = try unit("score", "detection", "--truth", zero, "--predictions", found, "--quiet")
    #expect(quiet.errors.isEmpty)
  }
}
