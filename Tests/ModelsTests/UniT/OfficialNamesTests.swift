import Foundation
import Heads
import Layers
import Models
import Support
import Tensors
import Testing

/// The released UniT of all eight datasets, built without weights, has exactly the names and shapes
/// of MMF's state dict (`Goldens/UniT/names.py`).
@Suite struct OfficialNamesTests {
  private func model(sharesDecoder: Bool, _ tasks: [TaskSpec] = TaskSpec.official) throws
    -> MultitaskModel
  {
    let configuration = UniTConfiguration.official(tasks: tasks, sharesDecoder: sharesDecoder)
    try configuration.validate(file: "config.json", heads: HeadRegistry.names)
    return try MultitaskModel(configuration, wordPiece: nil, source: .outline())
  }

  @Test(arguments: [("shared", 1610, 201_507_900), ("separate", 1500, 532_389_948)])
  func everyNameIsAccountedFor(_ list: String, _ count: Int, _ unique: Int) throws {
    let entries = try OfficialNames.entries(list)
    #expect(entries.count == count)
    #expect(Set(entries.map(\.name)).count == count)
    let shares = list == "shared"
    let shapes = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.shape) })
    var wanted: [String: Shape] = [:]
    for entry in entries {
      let owner = UniTNames.owner(of: entry.name, sharesDecoder: shares)
      #expect((owner != nil) == (entry.kind == "alias"), "\(entry.name)")
      if let owner {
        #expect(shapes[owner] == entry.shape, "\(entry.name)")
      } else if !UniTNames.isIgnored(entry.name) {
        wanted[entry.name] = entry.shape
      }
    }
    let found = try model(sharesDecoder: shares).parameters
    #expect(Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.value.shape) }) == wanted)

    // The count of the paper's kind: what torch calls parameters, so neither the frozen statistics
    // nor the loss's class weights, but BERT's pooler.
    let parameters = entries.filter { $0.kind == "parameter" }
    #expect(parameters.reduce(0) { $0 + $1.shape.elementCount } == unique)
    let pooler = parameters.filter { UniTNames.isIgnored($0.name) }
    #expect(
      pooler.map(\.name) == ["weight", "bias"].map { "bert_model.module.pooler.dense.\($0)" })
    let trainable = found.filter(\.isTrainable).reduce(0) { $0 + $1.value.count }
    #expect(trainable + pooler.reduce(0) { $0 + $1.shape.elementCount } == unique)
  }

  @Test func singleTasksHaveTheirPublishedSizes() throws {
    // In millions, BERT and its pooler included even where the task reads no text.
    for (task, millions) in [("detection_coco", 191.8), ("vqa2", 193.5)] {
      let tasks = TaskSpec.official.filter { $0.name == task }
      let model = try model(sharesDecoder: false, tasks)
      let count = model.parameters.filter(\.isTrainable).reduce(590_592) { $0 + $1.value.count }
      #expect(abs(Double(count) / 1e6 - millions) < 0.05, "\(task): \(count)")
    }
  }

  @Test func theTasksAreTheReleasedOnes() {
    let rows = TaskSpec.official.map { [$0.name, $0.group, "\($0.index)", "\($0.queries)"] }
    #expect(
      rows == [
        ["detection_coco", "detection", "0", "100"],
        ["detection_visual_genome", "detection", "1", "100"], ["vqa2", "vl", "3", "25"],
        ["visual_entailment", "vl", "9", "25"], ["glue_qnli", "glue", "5", "25"],
        ["glue_qqp", "glue", "8", "25"], ["glue_sst2", "glue", "7", "25"],
        ["glue_mnli_mismatched", "glue", "6", "25"],
      ])
    #expect(TaskSpec.official.map(\.labels.count) == [91, 1601, 3129, 3, 2, 2, 2, 3])
    let readingAll = TaskSpec.official.filter { $0.inputs.contains(.text) && !$0.keepsOnlyCLS }
    #expect(readingAll.map(\.name) == ["vqa2"])
  }
}
