import Foundation
import Inputs
import Testing

struct DetectTests {
  private let model: TinyModel
  private let folder: TemporaryFolder

  init() throws {
    model = try TinyModel()
    folder = try TemporaryFolder()
    try folder.file("a.png", PictureSamples.png)
  }

  private func detect(_ arguments: String..., input: [UInt8] = []) throws -> Execution {
    let all = ["detect", "--model", model.path, "--threshold", "0"] + arguments
    return try unit(raw: all.map { Array($0.utf8) }, input: input)
  }

  private var picture: String { folder.path("a.png") }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func noOutputOverwritesAPictureThatIsRead() throws {
    let before = try Data(contentsOf: URL(fileURLWithPath: picture))
    for arguments in [
      [picture, "--annotate", picture], [folder.path, "--annotate", folder.path],
      [picture, "--annotate", folder.path("./a.png")], [picture, "--output", picture],
    ] {
      let all = ["detect", "--model", model.path, "--threshold", "0"] + arguments
      let run = try unit(raw: all.map { Array($0.utf8) })
      #expect(run.status == 64, "\(arguments)")
      #expect(run.errors.contains("this is the picture that is read"), "\(run.errors)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: picture)) == before)
    }
  }

  @Test func aFailureLeavesNoHalfWrittenList() throws {
    let broken = try folder.file("b.png", Array(PictureSamples.png.prefix(60)))
    let run = try detect(broken, "--format", "coco")
    #expect(run.status == 65)
    #expect(run.text.isEmpty, "\(run.text)")
  }

  @Test func aFolderOfOnePictureIsABatch() throws {
    let run = try detect(folder.path, "--format", "yolo", "--output", folder.path("labels"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(FileManager.default.fileExists(atPath: folder.path("labels/a.txt")))
  }

  @Test func jsonHasTheFieldsOfTheContractInTheirOrder() throws {
    let run = try detect(picture, "--format", "json", "--attributes")
    #expect(run.status == 0, "\(run.errors)")
    let pattern =
      #"^\{"schema":1,"file":".*a\.png","width":40,"height":30,"task":"shapes","detections":\["#
      + #"\{"label":"(circle|square)","class_id":[79],"score":[0-9.e-]+,"box":\{"x":[0-9.e-]+,"#
      + #""y":[0-9.e-]+,"width":[0-9.e-]+,"height":[0-9.e-]+\},"attributes":\["#
      + #"\{"label":"(red|blue)","score":[0-9.e-]+\}"#
    #expect(try run.text.firstMatch(of: Regex(pattern)) != nil, "\(run.text)")
    let detections = try #require(try object(run.text)["detections"] as? [[String: Any]])
    #expect(detections.count == 5)
    let scores = detections.map { $0["score"] as? Double ?? 0 }
    #expect(scores == scores.sorted(by: >))
  }

  @Test func attributesAreGivenOnRequestOnly() throws {
    let run = try detect(picture, "--format", "json")
    #expect(run.text.contains(#""attributes":[]"#))
  }

  @Test func theSameInputGivesTheSameBytesOnAnyNumberOfThreads() throws {
    let one = try detect(picture, "--format", "json", "--threads", "1")
    let two = try detect(picture, "--format", "json", "--threads", "2")
    #expect(one.text == two.text)
  }

  /// The text encoder of a model is left where it is, unless a task is named.
  @Test func whatTextsNeedIsNotRead() throws {
    let (seeing, whole) = (
      try detect(picture, "--format", "json", "--verbose"),
      try detect(picture, "--format", "json", "--verbose", "--task", "shapes")
    )
    #expect(seeing.text == whole.text)
    #expect(seeing.errors.contains("tasks shapes\n"), "\(seeing.errors)")
    #expect(whole.errors.contains("tasks shapes, questions, statements, mood"))
  }

  @Test func fewerBoxesAndHigherThresholds() throws {
    let two = try detect(picture, "--format", "json", "--max-boxes", "2")
    #expect((try object(two.text)["detections"] as? [Any])?.count == 2)
    let none = try unit("detect", picture, "--model", model.path, "--threshold", "1")
    #expect(none.status == 0)
    #expect(none.text == "\(picture): 40 x 30, 0 objects\n")
  }

  @Test func huggingFaceShapeIsExact() throws {
    let run = try detect(picture, "--format", "hf", "--max-boxes", "1")
    let pattern =
      #"^\[\{"score":[0-9.e-]+,"label":"(circle|square)","box":"#
      + #"\{"xmin":-?\d+,"ymin":-?\d+,"xmax":-?\d+,"ymax":-?\d+\}\}\]\n$"#
    #expect(try run.text.firstMatch(of: Regex(pattern)) != nil, "\(run.text)")
  }

  @Test func aFolderGivesOneLineAPictureByName() throws {
    try folder.file("b.jpg", PictureSamples.jpeg)
    let run = try detect(folder.path, "--format", "jsonl")
    #expect(run.status == 0, "\(run.errors)")
    let files = try run.text.split(separator: "\n").map {
      try object(String($0))["file"] as? String
    }
    #expect(files == [folder.path("a.png"), folder.path("b.jpg")])
  }

  @Test func aPatternIsExpanded() throws {
    try folder.file("b.jpg", PictureSamples.jpeg)
    let run = try detect(folder.path("*.jpg"), "--format", "json")
    #expect(run.text.contains("b.jpg"))
    #expect(!run.text.contains("a.png"))
  }

  @Test func standardInputIsAPicture() throws {
    let run = try detect("-", "--format", "json", input: PictureSamples.png)
    #expect(run.text.hasPrefix(#"{"schema":1,"file":"-","width":40,"#), "\(run.errors)")
  }

  @Test func onePictureThatFailsDoesNotStopTheOthers() throws {
    try folder.file("b.png", [])
    try folder.file("c.png", PictureSamples.png)
    let run = try detect(folder.path, "--format", "jsonl")
    #expect(run.status == 2)
    #expect(run.text.split(separator: "\n").count == 2)
    #expect(run.errors.contains("b.png"))
    #expect(run.errors.contains("1 of 3 pictures failed"))
    let list = try detect(folder.path, "--format", "hf", "--max-boxes", "1", "--quiet")
    let entries = try #require(
      try JSONSerialization.jsonObject(with: Data(list.output)) as? [Any])
    #expect(entries.count == 3)
    #expect(entries[1] is NSNull)
    #expect(!list.errors.contains("pictures failed"))
  }

  @Test func resultsGoToAFileWhole() throws {
    let target = folder.path("found.json")
    let run = try detect(picture, "--format", "json", "--output", target)
    #expect(run.status == 0)
    #expect(run.text.isEmpty)
    #expect(try String(contentsOfFile: target, encoding: .utf8).hasSuffix("]}\n"))
    expectFailure(try detect(picture, "--output", folder.path("no/found")), 73, saying: "no/found")
    expectFailure(try detect(picture, "--output", folder.path), 73, saying: "folder")
  }

  @Test func annotatedPicturesAreWritten() throws {
    let target = folder.path("marked.png")
    #expect(try detect(picture, "--annotate", target).status == 0)
    let marked = try Image(contentsOf: target)
    #expect(marked.width % 40 == 0 && marked.width >= 384)
    try folder.file("b.jpg", PictureSamples.jpeg)
    let several = folder.path("marked")
    #expect(try detect(picture, folder.path("b.jpg"), "--annotate", several).status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: several).sorted() == ["a.png", "b.jpg"])
    expectFailure(
      try detect(picture, "--annotate", folder.path("marked.gif")), 64, saying: ".png")
  }

  @Test(arguments: [["--threshold", "2"], ["--threshold", "nan"], ["--max-boxes", "0"]])
  func optionsOutOfRange(options: [String]) throws {
    let all = ["detect", picture] + options
    expectFailure(try unit(raw: all.map { Array($0.utf8) }), 64, saying: options[0])
  }

  @Test func noPictureIsWrongUsage() throws {
    expectFailure(try unit("detect", "--model", model.path), 64, saying: "images")
  }

  @Test func missingPictures() throws {
    expectFailure(try detect(folder.path("a.pmg")), 66, saying: "did you mean 'a.png'?")
    expectFailure(try detect(folder.path("*.gif")), 66, saying: "no file fits")
    expectFailure(try detect(try folder.folder("empty")), 66, saying: "holds none")
    let both = try detect(picture, folder.path("a.pmg"), "--format", "json")
    #expect(both.status == 2)
  }

  @Test func damagedPictures() throws {
    let cut = try folder.file("cut.png", Array(PictureSamples.png[..<200]))
    expectFailure(try detect(cut), 65, saying: "cut.png")
    let huge = try folder.file(
      "huge.png", PictureSamples.png(declaringWidth: 60_000, height: 60_000))
    expectFailure(try detect(huge), 65, saying: "huge.png", "limit")
  }
}
