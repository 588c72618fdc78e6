import Annotations
import Foundation
import Inputs
import Scenes
import Support
import Testing

struct SceneFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ name: String, count: Int, seed: UInt64 = 1) throws -> String {
    let generator = try SceneSample.generator(seed: seed)
    try SceneFolder(
      folder.path(name), generator: generator, count: count, seed: seed, pictures: .png,
      recipe: "sample"
    ).write()
    return folder.path(name)
  }

  @Test func theFilesAreCocoAndVQA() throws {
    let path = try write("scenes", count: 70)
    let generator = try SceneSample.generator()
    let coco = try CocoAnnotations(path: path + "/instances.json")
    let answers = try VQAAnnotations(path: path + "/annotations.json").questions
    #expect(coco.pictures.count == 70 && coco.categories.map(\.name) == generator.labels)
    #expect(coco.categories.map(\.group) == ["toy", "toy", "toy", "box", "roof"])
    var question = 0
    for index in [0, 1, 69] {
      let scene = generator.scene(at: index)
      let picture = coco.pictures[index]
      #expect(picture.id == index && picture.width == 64)
      let file = try #require(picture.fileName)
      #expect(try Image(contentsOf: path + "/" + file) == scene.image)
      let objects = coco.objects.filter { $0.picture == index }
      #expect(objects.map(\.category) == scene.objects.map { $0.classIndex + 1 })
      #expect(objects.map(\.area) == scene.objects.map { Double($0.area) })
      #expect(objects.map(\.box.x) == scene.objects.map { Double($0.box.x) })
      question += scene.questions.count
      let asked = answers.filter { $0.id / 100 == index }
      #expect(
        asked.map(\.answers)
          == scene.questions.map { [String](repeating: $0.answer, count: 10) })
      #expect(asked.map(\.questionType) == scene.questions.map(\.kind.rawValue))
    }
    #expect(question > 6)
    let questions = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: path + "/questions.json")))
    let texts = ((questions as? [String: Any])?["questions"] as? [[String: Any]]) ?? []
    #expect(texts.count == answers.count)
    #expect(texts.first?["question"] as? String == generator.scene(at: 0).questions.first?.text)
    let known = try String(contentsOfFile: path + "/answers.txt", encoding: .utf8)
    let lines = Set(known.split(separator: "\n").map(String.init))
    #expect(lines == Set(answers.map { $0.answers[0] }))
  }

  @Test func anOccupiedFolderIsRefused() throws {
    let path = try write("scenes", count: 1)
    let error = #expect(throws: SceneError.self) { try write("scenes", count: 1) }
    #expect("\(try #require(error))".contains("\(path): the folder holds 'annotations.json'"))
  }
}
