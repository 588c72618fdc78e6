import Foundation
import Recipes
import Testing
import Training

struct AugmentationReaderTests {
  func read(_ augment: String) throws -> PictureAugmentation {
    let text = """
      model: {}
      tasks: [{task: a, dataset: {kind: toy, path: /d}, batch: 1, augment: \(augment)}]
      steps: 5
      optimizer: {lr: 1}
      """
    return try Recipe(parsing: text, file: "r.yaml", folder: "/").tasks[0].augmentation
  }

  @Test func readsPresetsAndEveryKey() throws {
    #expect(try read("detr") == .detr)
    #expect(
      try read("{flip: true, detr: {crop: {}}}") == .detr,
      "what is left out is as in DETR's recipe")
    #expect(try read("~") == PictureAugmentation())
    #expect(
      try read(
        "{flip: true, detr: {short: [96, 128], longest: 200, "
          + "crop: {short: [80], least: 70, most: 90}}}")
        == PictureAugmentation(
          flips: true,
          multiScale: MultiScale(
            short: [96, 128], longest: 200, crop: .init(short: [80], least: 70, most: 90))))
    let colour = try read(
      "{colour: {brightness: 0.25, contrast: 2, saturation: [0.5, 1.5], hue: 0.125, even_named: true}}"
    ).colour
    #expect(
      colour
        == ColourJitter(
          brightness: 0.75...1.25, contrast: 0...3, saturation: 0.5...1.5, hue: -0.125...0.125,
          evenNamed: true))
    let augmentation = PictureAugmentation(multiScale: MultiScale(), colour: colour)
    let coded = try JSONEncoder().encode(augmentation)
    #expect(try JSONDecoder().decode(PictureAugmentation.self, from: coded) == augmentation)
  }

  @Test func whatIsLeftOutLeavesTheCodedFormAsItWas() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let coded = try encoder.encode(PictureAugmentation(flips: true, shift: 2))
    #expect(String(decoding: coded, as: UTF8.self) == #"{"flips":true,"shift":2}"#)
  }

  @Test(arguments: [
    ("detre", "'tasks[0].augment' expects one of detr, found 'detre'"),
    ("{flp: true}", "unknown key 'flp' in 'tasks[0].augment'; did you mean 'flip'?"),
    ("{detr: {short: []}}", "'tasks[0].augment.detr.short' is empty: expected whole numbers"),
    ("{detr: {short: [0]}}", "'tasks[0].augment.detr.short[0]' expects whole numbers from 1 to"),
    ("{detr: {short: 480}}", "'tasks[0].augment.detr.short' expects a list, found '480'"),
    ("{detr: {short: [480], longest: 400}}", "is 400, shorter than the shorter side of 480"),
    ("{detr: {crop: {least: 9, most: 8}}}", "is 8, less than 'least', 9"),
    ("{colour: {hue: 0.6}}", "'tasks[0].augment.colour.hue' expects a number from 0.0 to 0.5"),
    ("{colour: {contrast: [2, 1]}}", "goes from 2.0 down to 1.0"),
    ("{colour: {contrast: [1]}}", "expects a list of 2 numbers"),
  ]) func refusesMistakes(augment: String, expected: String) {
    let error = #expect(throws: RecipeError.self) { try read(augment) }
    #expect("\(error!)".contains(expected), "\(error!)")
  }
}
