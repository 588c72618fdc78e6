import Foundation
import Heads
import Models

/// What a model is made of.
struct ModelReport {
  private let path: String
  private let model: MultitaskModel

  /// Opens the model, which also checks that configuration and weights belong together.
  init(_ path: String) throws {
    self.path = path
    model = try ModelDirectory.load(path)
  }

  /// The report for people: sizes, tasks, and every weight.
  var text: String {
    let configuration = model.configuration
    var text = "\(path): family \(configuration.family), \(model.parameterCount) parameters, "
    text += configuration.decoder.isShared ? "one decoder\n" : "a decoder for each task\n"
    for task in configuration.tasks {
      text += "task \(task.name): \(task.head), reads "
      text += task.inputs.map(\.rawValue).joined(separator: " and ")
      text += ", \(task.queries) queries, \(task.labels.count) labels"
      text += task.attributes.map { ", \($0.labels.count) attributes" } ?? ""
      text += "\n"
    }
    let width = model.parameters.map(\.name.count).max() ?? 0
    for parameter in model.parameters {
      let name = parameter.name.padding(toLength: width, withPad: " ", startingAt: 0)
      text += "\(name)  \(parameter.value.shape)\n"
    }
    return text
  }

  /// The report for scripts; `configuration` is that of `config.json`.
  var json: JSONText {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let configuration = (try? encoder.encode(model.configuration)) ?? Data("null".utf8)
    return [
      "schema": 1, "model": .string(path), "family": .string(model.configuration.family),
      "parameters": .integer(model.parameterCount),
      "tasks": .array(
        model.configuration.tasks.map { task in
          [
            "name": .string(task.name), "head": .string(task.head),
            "inputs": .array(task.inputs.map { .string($0.rawValue) }),
            "labels": .array(task.labels.map(JSONText.string)),
            "attributes": .array((task.attributes?.labels ?? []).map(JSONText.string)),
          ]
        }),
      "configuration": .encoded(String(decoding: configuration, as: UTF8.self)),
      "tensors": .array(
        model.parameters.map {
          [
            "name": .string($0.name), "dtype": "F32",
            "shape": .array($0.value.shape.map(JSONText.integer)),
          ]
        }),
    ]
  }
}
