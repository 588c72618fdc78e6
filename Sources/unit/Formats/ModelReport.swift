import Checkpoints
import Foundation
import Heads
import Models

/// What a model is made of.
struct ModelReport {
  private let path: String
  private let model: any AnsweringModel
  /// Types of the stored weights by their names in the file.
  private let stored: [String: ElementType]

  /// Opens the model, which also checks that configuration and weights belong together.
  init(_ path: String) throws {
    self.path = path
    let folder = try ModelFolder(path)
    model = try ModelDirectory.open(path)
    stored = Dictionary(
      try openCheckpoint(folder.weightsFile()).entries.map { ($0.name, $0.type) }
    ) { first, _ in first }
  }

  /// The report for people: sizes, tasks, and every weight.
  var text: String {
    var text = "\(path): family \(model.family), \(model.parameterCount) parameters"
    if let decoder = (model as? MultitaskModel)?.configuration.decoder {
      text += decoder.isShared ? ", one decoder" : ", a decoder for each task"
    }
    text += "\n"
    for task in model.tasks {
      text += "task \(task.name): \(task.head), reads "
      text += task.inputs.map(\.rawValue).joined(separator: " and ")
      text += task.queries > 0 ? ", \(task.queries) queries" : ""
      text += ", \(task.labels.count) labels"
      text += task.attributes.map { ", \($0.labels.count) attributes" } ?? ""
      text += "\n"
    }
    let width = model.parameters.map(\.name.count).max() ?? 0
    for parameter in model.parameters {
      let name = parameter.name.padding(toLength: width, withPad: " ", startingAt: 0)
      text += "\(name)  \(dtype(parameter.name))  \(parameter.value.shape)\n"
    }
    return text
  }

  /// The report for scripts; `configuration` is that of `config.json`.
  var json: JSONText {
    [
      "schema": 1, "model": .string(path), "family": .string(model.family),
      "parameters": .integer(model.parameterCount),
      "tasks": .array(
        model.tasks.map { task in
          [
            "name": .string(task.name), "head": .string(task.head),
            "inputs": .array(task.inputs.map { .string($0.rawValue) }),
            "labels": .array(task.labels.map(JSONText.string)),
            "attributes": .array((task.attributes?.labels ?? []).map(JSONText.string)),
          ]
        }),
      "configuration": .encoded(configuration),
      "tensors": .array(
        model.parameters.map {
          [
            "name": .string($0.name), "dtype": .string(dtype($0.name)),
            "shape": .array($0.value.shape.map(JSONText.integer)),
          ]
        }),
    ]
  }

  // How the folder stores a weight; with the names of another layout all have one type, or it is
  // not known which belongs to which.
  private func dtype(_ name: String) -> String {
    if let type = stored[name] { return type.rawValue }
    let types = Set(stored.values.filter { $0.rawValue.contains("F") }.map(\.rawValue))
    return types.count == 1 ? types.first! : types.sorted().joined(separator: "/")
  }

  // The configuration of this program's layout, whatever layout the folder has.
  private var configuration: String {
    let name = ModelDirectory.FileName.configuration
    guard let files = try? model.files(.unit),
      let file = files.texts.first(where: { $0.name == name })
    else { return "null" }
    // The lines of an indented file, without the indentation: a text of JSON holds no line end.
    return String(decoding: file.bytes, as: UTF8.self).split(separator: "\n")
      .map { $0.drop { $0 == " " } }.joined()
  }
}
