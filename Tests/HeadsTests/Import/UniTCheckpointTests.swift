import Checkpoints
import Foundation
import Heads
import Inputs
import Models
import Support
import Tensors
import Testing

/// Checkpoints as MMF writes them (`Goldens/UniT/mmf/make.py`) become models that equal the
/// reference.
@Suite struct UniTCheckpointTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func checkpoint(_ name: String) throws -> UniTCheckpoint {
    try UniTCheckpoint(Golden.path("UniT/mmf/" + name))
  }

  /// A `vocab.txt` of as many word pieces.
  private func vocabulary(_ count: Int) throws -> String {
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + (5..<count).map { "word\($0)" }
    return try folder.file("\(count).txt", pieces.joined(separator: "\n") + "\n")
  }

  @Test(arguments: [
    ("released_final.pth", 8), ("best.ckpt", 3), ("legacy.pth", 1),
  ])
  func answersEqualTheReference(_ name: String, _ tasks: Int) throws {
    let model = try checkpoint(name).model(vocabulary: vocabulary(40))
    #expect(model.tasks.count == tasks)
    let inputs = try ReferenceInputs(Golden("UniT/mmf/inputs.safetensors"))
    let outputs = try Golden("UniT/mmf/\(name.prefix { $0 != "." }).outputs.safetensors")
    for task in model.tasks {
      let states = model.states(images: inputs.images, texts: inputs.texts(task), task: task)
      let last = states[states.count - 1]
      expectClose(
        last, outputs["\(task.name).decoder.states"], absolute: 1e-5, "\(task.name) states")
      for (name, value) in model.heads[task.name]!.outputs(last) {
        let entry =
          switch name {
          case "pred_logits": "logits"
          case "pred_boxes": "boxes"
          case "attributes": "attributes"
          default: "answers"
          }
        expectClose(
          value, outputs["\(task.name).\(entry)"], absolute: 1e-5, "\(task.name) \(name)")
      }
    }
  }

  @Test func theReleasedLayoutTellsItsNetwork() throws {
    let found = try checkpoint("released_final.pth").contents
    let configuration = found.configuration
    #expect(configuration.tasks.map(\.name) == TaskSpec.official.map(\.name))
    #expect(configuration.tasks.map(\.index) == [0, 1, 3, 9, 5, 8, 7, 6])
    #expect(configuration.tasks.map(\.queries) == [5, 5, 3, 3, 3, 3, 3, 3])
    #expect(configuration.tasks.map(\.labels.count) == [91, 6, 13, 3, 2, 2, 2, 3])
    #expect(configuration.tasks[1].attributes?.labels.count == 7)
    #expect(configuration.decoder.isShared)
    #expect(configuration.decoder.layers == 2)
    #expect(configuration.image?.taskEmbeddings == 10)
    #expect(configuration.image?.backbone.resNet?.dilatesLastStage == true)
    #expect(configuration.text?.heads == 1)
    // The decoder's 38 tensors for each of eight datasets, and five of BERT's embeddings.
    #expect(found.aliases.count == 38 * 8 + 5)
    #expect(found.ignored.count == 4)
  }

  @Test func theConfigurationWithinACheckpointCounts() throws {
    let configuration = try checkpoint("best.ckpt").contents.configuration
    #expect(
      configuration.tasks.map(\.name) == ["detection_visual_genome", "vqa2", "glue_sst2"])
    #expect(!configuration.decoder.isShared)
    #expect(configuration.decoder.heads == 4)
    #expect(configuration.text?.heads == 3)
    #expect(configuration.image?.backbone.resNet?.dilatesLastStage == false)
    #expect(configuration.image?.taskEmbeddings == 0)
    #expect(configuration.text?.taskEmbeddings == 0)
    #expect(configuration.tasks.map(\.keepsOnlyCLS) == [false, false, false])
    #expect(configuration.tasks.map(\.head) == ["detection", "answer", "classification"])
  }

  @Test func aModelWithoutTextsLeavesItsEncoderOut() throws {
    let found = try checkpoint("legacy.pth").contents
    #expect(found.configuration.text == nil)
    #expect(found.tensors.keys.allSatisfy { !$0.hasPrefix("bert") })
    #expect(found.ignored.contains("bert_model.module.encoder.layer.0.output.dense.weight"))
  }

  @Test func picturesOfQuestionsAreRoundedDown() throws {
    let model = try checkpoint("best.ckpt").model(vocabulary: vocabulary(40))
    let image = Image(width: 900, height: 2000, filledWith: (90, 120, 150))
    // 1333 * 900 / 2000 is 599.85.
    let sizes = try ["detection_visual_genome", "vqa2"].map {
      try model.batch([image], task: model.task(named: $0)).width
    }
    #expect(sizes == [600, 599])
  }

  @Test func aConvertedModelIsTheSame() throws {
    let model = try checkpoint("best.ckpt").model(vocabulary: vocabulary(40))
    try model.files(.unit).write(to: folder.path("model"))
    let again = try ModelDirectory.load(folder.path("model"))
    #expect(again.configuration == model.configuration)
    #expect(again.parameters.map(\.name) == model.parameters.map(\.name))
    for (a, b) in zip(again.parameters, model.parameters) {
      #expect(a.value.elements == b.value.elements, "\(a.name)")
    }
  }

  @Test func aMissingOrWrongVocabularyIsToldBeforeAnythingIsBuilt() throws {
    let checkpoint = try checkpoint("released_final.pth")
    let error = #expect(throws: UniTImportError.self) { _ = try checkpoint.model() }
    #expect(error == .noVocabulary(file: checkpoint.path, count: 40))
    #expect(error?.description.contains("Give --vocabulary FILE") == true)
    let small = try vocabulary(30)
    #expect(throws: UniTImportError.wrongVocabulary(file: small, expected: 40, found: 30)) {
      _ = try checkpoint.model(vocabulary: small)
    }
  }

  @Test func namesComeFromAListOrFromBesideTheCheckpoint() throws {
    let source = URL(fileURLWithPath: Golden.path("UniT/mmf/best.ckpt"))
    let file = folder.path("best.ckpt")
    try FileManager.default.copyItem(at: source, to: URL(fileURLWithPath: file))
    try folder.file("answers_vqa.txt", "<unk>\n" + (1...12).map { "a\($0)\n" }.joined())
    try FileManager.default.copyItem(
      atPath: vocabulary(40), toPath: folder.path("vocab.txt"))
    let names = ["red", "blue", "big", "small", "old", "new"]
    try folder.file(
      "detection_visual_genome.attributes.txt", names.joined(separator: "\r\n") + "\r\n")
    let checkpoint = try UniTCheckpoint(file)
    let model = try checkpoint.model(labels: names.reversed())
    #expect(try model.task(named: "vqa2").labels.prefix(3) == ["", "a1", "a2"])
    let objects = try model.task(named: "detection_visual_genome")
    #expect(objects.labels == names.reversed())
    #expect(objects.attributes?.labels == [""] + names)
    #expect(try model.task(named: "glue_sst2").labels == ["negative", "positive"])
    #expect(throws: UniTImportError.wrongLabels(file: file, expected: [2, 6, 7, 13], found: 9)) {
      _ = try checkpoint.model(labels: (1...9).map(String.init))
    }
    let short = try folder.file("vqa2.labels.txt", "yes\nno\n")
    #expect(throws: UniTImportError.wrongLabels(file: short, expected: [13], found: 2)) {
      _ = try checkpoint.model()
    }
  }

  @Test func archivesOfTheModelZooOpenWithTheirConfiguration() throws {
    let weights = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: Golden.path("UniT/mmf/released_final.pth"))))
    let settings = Array("model_config: {unit: {base_args: {nheads: 4, dropout: 0.3}}}".utf8)
    let tar =
      TarWriter.member("unit/unit_final.pth", weights)
      + TarWriter.member("unit/config.yaml", settings) + TarWriter.end
    let file = folder.path("unit.tar.gz")
    try Data(TarWriter.gzip(tar)).write(to: URL(fileURLWithPath: file))
    let packed = try UniTCheckpoint(file).contents
    #expect(packed.configuration.decoder.heads == 4)
    #expect(packed.configuration.image?.dropout == 0.3)
    let bare = try UniTCheckpoint(Golden.path("UniT/mmf/released_final.pth")).contents
    #expect(packed.tensors.keys.sorted() == bare.tensors.keys.sorted())
    for (name, tensor) in bare.tensors {
      #expect(packed.tensors[name]?.elements == tensor.elements, "\(name)")
    }
  }

  @Test func mmfsConfigurationBesideTheCheckpointCounts() throws {
    let file = folder.path("unit.pth")
    try FileManager.default.copyItem(
      atPath: Golden.path("UniT/mmf/released_final.pth"), toPath: file)
    try folder.file(
      "config.yaml",
      """
      model_config:
        unit:
          base_args: {nheads: 4, dilation: false, dropout: 0.2, residual_in_encoder: false}
          heads:
            vl: {vqa2: {task_idx: 4, loss_type: cross_entropy}}
          keep_only_bert_cls:
            vl: {vqa2: true}
      dataset_config:
        vqa2: {processors: {text_processor: {params: {max_seq_length: 14}}}}
      """)
    let configuration = try UniTCheckpoint(file).contents.configuration
    #expect(configuration.decoder.heads == 4)
    #expect(configuration.image?.dropout == 0.2)
    #expect(configuration.image?.addsProjection == false)
    #expect(configuration.image?.backbone.resNet?.dilatesLastStage == false)
    let task = try configuration.task(named: "vqa2")
    #expect(task.index == 4)
    #expect(task.head == "classification")
    #expect(task.keepsOnlyCLS)
    #expect(task.maximumTokens == 14)

    let place = folder.path("config.yaml")
    try folder.file("config.yaml", "model_config: {unit: {base_args: {pre_norm: true}}}")
    #expect(
      throws: UniTImportError.unsupported(
        file: place, key: "pre_norm", expected: "false", found: "true")
    ) { _ = try UniTCheckpoint(file) }
    try folder.file("config.yaml", "model_config: {unit: {base_args: {nheads: many}}}")
    #expect(
      throws: ConfigurationError.invalid(
        file: place, key: "model_config.unit.base_args.nheads", expected: "a whole number",
        found: "'many'")
    ) { _ = try UniTCheckpoint(file) }
    for text in ["a: [", "just words"] {
      try folder.file("config.yaml", text)
      #expect(throws: ConfigurationError.self) { _ = try UniTCheckpoint(file) }
    }
  }
}
