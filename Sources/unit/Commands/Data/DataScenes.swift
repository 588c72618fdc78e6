import ArgumentParser
import Foundation
import Scenes
import Training

/// Makes pictures of pasted objects, with boxes, attributes, questions and answers.
struct DataScenes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenes",
    abstract: "Make scenes of cut-out objects on photographs, with boxes, questions and answers.",
    discussion: """
      Examples:
        unit data scenes --output scenes/train --count 20000 --seed 1
        unit data scenes --output scenes/validation --count 1000 --split validation
        unit data scenes --recipe mine.yaml --output scenes --count 500 --size 320

      The recipe names the pictures: classes with their cut-outs (PNG with transparent surroundings, \
      in folders or zip archives), backgrounds for each part, and things without a label. The recipe \
      'debian' comes with the program; its pictures are those of the Debian packages \
      tuxpaint-stamps-default, sweethome3d-furniture, lomiri-wallpapers-16.04, \
      lomiri-wallpapers-20.04 and mate-backgrounds, which must be installed.

      The folder gets images/, instances.json (COCO, with attribute_ids), questions.json and \
      annotations.json (VQAv2), answers.txt and snli_ve_PART.jsonl (SNLI-VE). A run that was \
      interrupted goes on when the same command is given again. Same recipe, seed and number: same \
      bytes. --texts adds pairs of questions that ask the same or not (qqp/PART.tsv, in QQP's form) \
      and questions with statements that answer them or not (qnli/PART.tsv, in QNLI's form).
      """)

  @Option(help: "A recipe in YAML, or the name of one that comes with the program.")
  var recipe = "debian"

  @Option(help: "The folder to make.")
  var output: String

  @Option(help: "Number of scenes.")
  var count: Int

  @Option(help: "train or validation: whose backgrounds are used.", transform: SceneSplit.named)
  var split = SceneSplit.train

  @Option(help: "A folder of photographs to put scenes on, beside the recipe's.")
  var backgrounds: String?

  @Option(
    help: "A folder of further cut-outs, in folders named by their classes, used half of the time.")
  var cutouts: String?

  @Option(help: "The longer side of a scene, 32 to 1024; the recipe's own if left out.")
  var size: Int?

  @Option(
    help: "png or jpeg: how the pictures are stored.", transform: SceneFolder.Pictures.named)
  var format = SceneFolder.Pictures.png

  @Option(help: "Number of text pairs of each kind, for tasks without pictures; 0 for none.")
  var texts = 0

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...10_000_000).contains(count) else {
      throw ValidationError("--count must be 1 to 10000000, not \(count)")
    }
    guard (0...10_000_000).contains(texts) else {
      throw ValidationError("--texts must be 0 to 10000000, not \(texts)")
    }
    guard size.map((32...1024).contains) != false else {
      throw ValidationError("--size must be 32 to 1024, not \(size ?? 0)")
    }
  }

  func run() throws {
    common.apply()
    let file = SceneRecipes.file(recipe) ?? recipe
    var recipe = try SceneRecipe(contentsOf: file)
    if let size { recipe.layout.size = size }
    let seed = common.seed ?? 0
    var text = try String(contentsOfFile: file, encoding: .utf8)
    if let backgrounds {
      let folder = URL(fileURLWithPath: backgrounds).standardizedFileURL.path
      recipe.addBackgrounds(in: folder, to: split)
      // Scenes with and without them do not belong in one folder.
      text += "\n# beside the recipe's backgrounds: \(folder)\n"
    }
    if let cutouts {
      let folder = URL(fileURLWithPath: cutouts).standardizedFileURL.path
      try recipe.addCutOuts(in: folder)
      text += "\n# beside the recipe's cut-outs: \(folder)\n"
    }
    common.notes.detail("reading the pictures of \(file)")
    let generator = try SceneGenerator(recipe, split: split, seed: seed)
    let folder = SceneFolder(
      output, generator: generator, count: count, seed: seed, pictures: format, texts: texts,
      recipe: text)
    var line = ProgressLine()
    let clock = ContinuousClock()
    let start = clock.now
    var first: Int?
    try folder.write { done, count in
      let before = first ?? done
      first = before
      if common.quiet { return }
      let seconds = start.duration(to: clock.now) / .seconds(1)
      line.show(now: seconds) {
        let rate = Double(done - before) / max(seconds, 1e-9)
        let rest = rate > 0 ? ProgressLine.clock(Double(count - done) / rate) : "--:--:--"
        return "scene \(done)/\(count) \(rate.decimals(1))/s eta \(rest)"
      }
    }
    line.end()
    common.notes.note("\(output): \(count) scenes of \(generator.labels.count) classes")
  }
}

extension SceneSplit: NamedChoice {}
extension SceneFolder.Pictures: NamedChoice {}
