import ArgumentParser
import Foundation
import Heads
import Synchronization
import Tensors

/// The options of every command that answers with a model.
struct ModelOptions: ParsableArguments {
  @Option(help: "Folder of the model; the one that comes with the program if left out.")
  var model: String?

  @Option(help: "Name of the model's task; the first that fits if left out.")
  var task: String?

  @Option(
    help: """
      Arithmetic of the network: \(Precision.list). f32 if left out, int8 for a model that is stored \
      so; bf16 and int8 are faster and a little less exact.
      """, transform: Precision.named)
  var dtype: Precision?

  /// Where the model lies.
  ///
  /// - Throws: `Failure` with the code 69 when there is none.
  var folder: String {
    get throws {
      if let model {
        guard FileManager.default.fileExists(atPath: model) else {
          throw Failure(
            .modelUnavailable, "\(model): there is no such model\(nearby(model))",
            advice: "give --model the folder that holds config.json, or leave it out")
        }
        return model
      }
      guard let folder = DefaultModel.folder else {
        throw Failure(
          .modelUnavailable,
          "the default model was not found; tried \(DefaultModel.places.joined(separator: ", "))",
          advice: "give --model a folder that holds config.json, or set UNIT_MODEL")
      }
      return folder
    }
  }

  /// Opens the model, of whatever family, with other names for a task's labels if they are given.
  ///
  /// - Parameter readsTexts: whether tasks with texts are wanted.
  func open(
    _ notes: Notes, labels: LabelReplacement? = nil, readsTexts: Bool = true
  ) throws -> any AnsweringModel {
    let folder = try folder
    let model = try ModelDirectory.open(
      folder, labels: labels, precision: dtype, readsTexts: readsTexts)
    describe(model, in: folder, notes)
    return model
  }

  /// Opens a model that is made of UniT's parts, for commands that look inside it.
  func openTrainable(_ notes: Notes, labels: LabelReplacement? = nil) throws -> MultitaskModel {
    let folder = try folder
    let model = try ModelDirectory.load(folder, labels: labels, precision: dtype)
    describe(model, in: folder, notes)
    return model
  }

  // The program ends with its command; to take a model apart before that would only take time.
  private static let opened = Mutex<[any AnsweringModel]>([])

  private func describe(_ model: any AnsweringModel, in folder: String, _ notes: Notes) {
    Self.opened.withLock { $0.append(model) }
    notes.detail(
      "model \(folder): \(model.parameterCount) parameters, tasks "
        + model.tasks.map(\.name).joined(separator: ", "))
  }
}

extension Precision: NamedChoice {}
