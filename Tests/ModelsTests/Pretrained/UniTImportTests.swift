import Checkpoints
import Foundation
import Heads
import Layers
import Models
import Support
import Tensors
import Testing

/// What a checkpoint's names and shapes tell, and what is said of checkpoints that do not fit.
@Suite struct UniTImportTests {
  /// A checkpoint in memory that a test can spoil.
  private struct Spoiled: TensorArchive {
    let path = "unit.pth"
    let format = "memory"
    var entries: [TensorEntry] = []
    let metadata: [String: String] = [:]
    var values: [String: Tensor] = [:]

    func tensor(_ name: String) throws -> Tensor { values[name]! }
    func integers(_ name: String) throws -> [Int] { [] }

    mutating func set(_ name: String, _ value: Tensor, alias: Int? = nil) {
      let entry = TensorEntry(name: name, type: .float32, shape: value.shape, alias: alias)
      if let place = entries.firstIndex(where: { $0.name == name }) {
        entries[place] = entry
      } else {
        entries.append(entry)
      }
      values[name] = value
    }

    mutating func remove(_ name: String) { entries.removeAll { $0.name == name } }
  }

  /// The tiny checkpoint with all eight datasets, each alias with data of its own.
  private func released() throws -> Spoiled {
    let file = try openCheckpoint(Golden.path("UniT/mmf/released_final.pth"))
    var archive = Spoiled()
    for entry in file.entries { archive.set(entry.name, try file.tensor(entry.name)) }
    return archive
  }

  private func build(_ archive: Spoiled) throws {
    let found = try UniTImport(archive)
    try found.configuration.validate(file: found.file, heads: HeadRegistry.names)
    _ = try MultitaskModel(
      found.configuration, wordPiece: nil,
      source: ParameterSource(tensors: found.tensors, file: found.file))
  }

  @Test(arguments: [("shared", 885), ("separate", 5)])
  func theReleasedNamesTellTheReleasedConfiguration(_ list: String, _ aliases: Int) throws {
    let shares = list == "shared"
    let official = UniTConfiguration.official(tasks: TaskSpec.official, sharesDecoder: shares)
    let outline = try MultitaskModel(official, wordPiece: nil, source: .outline())
    let zeros = Dictionary(uniqueKeysWithValues: outline.parameters.map { ($0.name, $0.value) })
    var archive = Spoiled()
    var numbers: [String: Int] = [:]
    for entry in try OfficialNames.entries(list) {
      let owner = UniTNames.owner(of: entry.name, sharesDecoder: shares) ?? entry.name
      let number = numbers[owner] ?? numbers.count
      numbers[owner] = number
      archive.entries.append(
        TensorEntry(name: entry.name, type: .float32, shape: entry.shape, alias: number))
      archive.values[entry.name] = zeros[owner]
    }
    let found = try UniTImport(archive)
    let isOfficial = found.configuration == official
    #expect(isOfficial)
    #expect(Set(found.tensors.keys) == Set(zeros.keys))
    #expect(found.aliases.count == aliases)
    #expect(
      found.aliases.count + found.tensors.count + found.ignored.count == archive.entries.count)
  }

  @Test func aliasesThatDifferAreNamedWithTheElement() throws {
    var archive = try released()
    try build(archive)
    let owner = "unit_base_model.transformer.decoder.layers.1.norm2.weight"
    let alias = "unit_base_model.transformer.decoders.vl.vqa2.layers.1.norm2.weight"
    var elements = archive.values[alias]!.elements
    let before = elements[7]
    elements[7] = 5
    archive.set(alias, Tensor(elements, shape: [24]))
    let conflict = UniTImportError.aliasConflict(
      file: "unit.pth", name: owner, other: alias, position: 7, value: before, otherValue: 5)
    let error = #expect(throws: UniTImportError.self) { try build(archive) }
    #expect(error == conflict)
    #expect(error?.description.contains("'\(owner)' and '\(alias)' are one parameter") == true)
    archive.set(alias, .zeros([23]))
    #expect(
      throws: UniTImportError.aliasShapes(
        file: "unit.pth", name: owner, shape: [24], other: alias, otherShape: [23])
    ) { try build(archive) }
  }

  @Test func anAliasTakesTheOwnersPlaceWhereTheOwnerIsMissing() throws {
    var archive = try released()
    archive.remove("bert_model.module.embeddings.word_embeddings.weight")
    try build(archive)
  }

  @Test func missingTensorsAndWrongShapesAreNamed() throws {
    let bias = "unit_base_model.transformer.encoder.layers.0.linear1.bias"
    var archive = try released()
    archive.remove(bias)
    let missing = #expect(throws: ParameterError.self) { try build(archive) }
    guard case .missing(bias, [24], "unit.pth", _) = missing else {
      Issue.record("\(String(describing: missing))")
      return
    }
    archive.set(bias, .zeros([25]))
    #expect(
      throws: ParameterError.wrongShape(
        name: bias, expected: [24], found: [25], file: "unit.pth")
    ) { try build(archive) }
    archive.set(bias, .zeros([24]))
    archive.set("unit_base_model.transformer.encoder.norm.weight", .ones([16]))
    #expect(
      throws: ParameterError.unused(
        names: ["unit_base_model.transformer.encoder.norm.weight"], file: "unit.pth")
    ) { try build(archive) }
  }

  @Test func tensorsThatTellTheDimensionsMustBeThere() throws {
    var archive = try released()
    let name = "unit_base_model.input_proj.weight"
    archive.remove(name)
    #expect(
      throws: UniTImportError.missing(
        file: "unit.pth", name: name, similar: "unit_base_model.input_proj.bias")
    ) { try build(archive) }
    archive.set(name, .zeros([16, 32]))
    #expect(
      throws: UniTImportError.wrongShape(
        file: "unit.pth", name: name, expected: "[width, channels, 1, 1]", found: [16, 32])
    ) { try build(archive) }
    #expect(throws: UniTImportError.notUniT(file: "unit.pth", example: "fc.weight")) {
      var other = Spoiled()
      other.set("fc.weight", .zeros([2, 2]))
      try build(other)
    }
    #expect(throws: UniTImportError.notUniT(file: "unit.pth", example: nil)) {
      try build(Spoiled())
    }
  }

  @Test func twoSpellingsOfANameAreRefused() throws {
    var archive = try released()
    archive.set("detr_model.input_proj.bias", .zeros([16]))
    #expect(
      throws: UniTImportError.collision(
        file: "unit.pth", name: "detr_model.input_proj.bias",
        other: "unit_base_model.input_proj.bias")
    ) { try build(archive) }
  }

  @Test func datasetsThatNobodyKnowsNeedAConfiguration() throws {
    var archive = Spoiled()
    let file = try released()
    for entry in file.entries {
      let name = entry.name.replacingOccurrences(of: "visual_entailment", with: "hateful_memes")
      archive.set(name, file.values[entry.name]!)
    }
    let spoiled = archive
    #expect(
      throws: UniTImportError.unknownTask(file: "unit.pth", name: "hateful_memes", group: "vl")
    ) { try build(spoiled) }
    var settings = UniTSettings()
    settings.tasks["hateful_memes", default: .init()].index = 2
    settings.tasks["hateful_memes"]?.keepsOnlyCLS = true
    settings.tasks["hateful_memes"]?.hasSoftAnswers = false
    let task = try UniTImport(archive, settings: settings).configuration
      .task(named: "hateful_memes")
    #expect(task.index == 2)
    #expect(task.head == "classification")
    #expect(task.labels == ["answer 0", "answer 1", "answer 2"])
  }

  @Test func headsThatNothingTellsAreAskedFor() throws {
    var archive = try released()
    for name in ["bert_model.module", "bert_model"] {
      archive.set(name + ".embeddings.word_embeddings.weight", .zeros([40, 60]))
    }
    #expect(
      throws: UniTImportError.unknownHeads(file: "unit.pth", part: "text encoder", width: 60)
    ) { try build(archive) }
  }
}
