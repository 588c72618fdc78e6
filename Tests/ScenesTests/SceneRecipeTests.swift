import Foundation
import Recipes
import Support
import Testing

@testable import Scenes

struct SceneRecipeTests {
  @Test func theSampleIsRead() throws {
    let recipe = try SceneSample.recipe()
    #expect(recipe.classes.map(\.name) == ["ball", "kite", "ring", "box", "roof"])
    #expect(recipe.classes.map(\.plural) == ["balls", "kites", "rings", "boxes", "roofs"])
    #expect(recipe.classes.map(\.isPainted) == [false, false, true, false, false])
    #expect(recipe.layout.size == 64 && recipe.layout.objects == 5)
    let material = try SceneMaterial(recipe, split: .validation)
    #expect(material.backgrounds.count == 2 && material.distractors.count == 3)
    #expect(material.kinds.map(\.cutOuts.count) == [3, 2, 2, 2, 2])
    #expect(material.kinds[1].cutOuts.map(\.colour) == [.blue, .yellow])
    let chances = material.kinds.map(\.chances)
    #expect(chances[1].keys.sorted { $0.rawValue < $1.rawValue } == [.blue, .yellow])
    #expect(chances[2].count >= 9)
    #expect(chances.allSatisfy { $0.values.reduce(0, +) <= 1.00001 })
  }

  @Test(arguments: [
    ("group: toy, painted", "grup: toy, painted", "unknown key 'grup'", "did you mean 'group'?"),
    ("name: ring", "name: ball", "names the class 'ball' twice", "recipe.yaml"),
    ("backgrounds/3.png", "backgrounds/0.png", "'backgrounds/0.png'", "for training, too"),
    ("  validation: [backgrounds/3.png, backgrounds/4.png]", "", "ds.validation", "missing"),
    ("files: [more:kite]", "files: []", "is empty", "one picture of a kite"),
    ("size: 64", "size: 16", "'scene.size' expects", "32 to 1024"),
    ("name: more", "name: shapes", "another source", "line 4"),
    ("size: 64", "size: 64, aspect: 1.2", "'scene.aspect' expects", "0.2 to 1"),
    ("size: 64", "size: 64, close_ups: -1", "'scene.close_ups' expects", "0 to 1"),
    ("size: 64", "size: 64, crop: 0", "'scene.crop' expects", "0.1 to 1"),
  ])
  func mistakesAreWorded(old: String, new: String, first: String, second: String) {
    let error = #expect(throws: RecipeError.self) { try SceneSample.recipe(old, new) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(first) && text.contains(second), "\(text)")
  }

  @Test(arguments: [
    ("path: cutouts", "path: nowhere", "source shapes", "nowhere"),
    ("shapes:ball-red.png", "shapes:ball-pink.png", "'shapes:ball-pink.png' is not there", "tried"),
    ("more:ring", "more:rang", "'more:rang' is not there", "more.zip: rang"),
    ("shapes:ball-red.png", "shpes:ball-red.png", "'shpes:ball-red.png'", "more, shapes"),
    ("cutouts/cross-red.png", "backgrounds/0.png", "backgrounds/0.png", "transparent surroundings"),
    ("backgrounds/1.png", "recipe.yaml", "recipe.yaml", "PNG or JPEG"),
    ("more:ring", "more:kite/blue.jpeg", "'more:kite/blue.jpeg'", "install the package"),
  ])
  func missingPicturesAreNamed(old: String, new: String, first: String, second: String) throws {
    let recipe = try SceneSample.recipe(old, new)
    let error = #expect(throws: (any Error).self) { try SceneGenerator(recipe, seed: 1) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(first) && text.contains(second), "\(text)")
  }

  @Test func foldersStandForTheirPictures() throws {
    let recipe = try SceneSample.recipe(
      "[cutouts/cross-white.png, cutouts/cross-blue.png, cutouts/cross-red.png]", "[cutouts]")
    #expect(try SceneMaterial(recipe, split: .train).distractors.count == 10)
  }

  /// Further cut-outs are half of what is seen, where they are many.
  @Test func furtherCutOuts() throws {
    let folder = try TemporaryFolder()
    let shapes = SceneSample.folder + "/cutouts/"
    for (name, pictures) in [
      ("ball", ["cross-red", "cross-blue", "cross-white", "box-green", "box-yellow", "roof-red"]),
      ("box", ["cross-blue"]),
    ] {
      let place = folder.path("more/\(name)")
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      for picture in pictures {
        try FileManager.default.copyItem(
          atPath: shapes + picture + ".png", toPath: "\(place)/\(picture).png")
      }
    }
    var recipe = try SceneSample.recipe()
    try recipe.addCutOuts(in: folder.path("more"))
    let material = try SceneMaterial(recipe, split: .train)
    #expect(material.kinds.map(\.cutOuts.count) == [2 * 3 + 6, 2, 2, 2 + 1, 2])
    #expect(material.distractors.count == 3)
    let colours = material.kinds[0].cutOuts.map(\.colour)
    #expect(colours.prefix(3) == colours[3..<6] && colours.contains(.white))
    #expect(material.kinds[0].byColour.first { $0.colour == .white }?.cutOuts.count == 1)
  }

  @Test func furtherCutOutsOfNoClass() throws {
    let folder = try TemporaryFolder()
    var recipe = try SceneSample.recipe()
    let nothing = #expect(throws: SceneError.self) {
      try recipe.addCutOuts(in: folder.path("more"))
    }
    #expect(nothing.map { "\($0)".contains("more/CLASS, with ball or another class") } == true)
    try FileManager.default.createDirectory(
      atPath: folder.path("more/bal"), withIntermediateDirectories: true)
    let other = #expect(throws: SceneError.self) { try recipe.addCutOuts(in: folder.path("more")) }
    #expect(other.map { "\($0)".contains("bal' is not there; tried the classes, ") } == true)
  }

  /// The recipe that comes with the program can be read without the packages it names.
  @Test func theDebianRecipe() throws {
    let folder = SceneSample.folder.replacing("/Sample", with: "/Recipes")
    let recipe = try SceneRecipe(contentsOf: folder + "/debian.yaml")
    #expect(recipe.classes.count == 57 && recipe.layout.size == 320)
    #expect(recipe.layout.aspect == 0.6 && recipe.layout.closeUps == 0.15)
    let known = Set(recipe.sources.keys)
    let files =
      recipe.classes.flatMap(\.files) + recipe.distractors
      + SceneSplit.allCases.flatMap { recipe.backgrounds[$0] ?? [] }
    #expect(files.allSatisfy { known.contains(String($0.prefix { $0 != ":" })) })
    #expect(Set(files).count == files.count)
  }
}
