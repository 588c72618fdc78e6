import Foundation
import Inputs
import Models
import Testing

/// This program's own configuration of a ViLT.
@Suite struct ViLTConfigurationTests {
  @Test func codingRoundTrip() throws {
    var configuration = TinyViLT.configuration
    configuration.transformer.dropout = 0.1
    let data = try JSONEncoder().encode(configuration)
    #expect(
      try decodeStrictly(ViLTConfiguration.self, from: data, file: "config.json") == configuration)
    try configuration.validate(file: "config.json")
  }

  @Test func unknownEntriesAreRefused() throws {
    let text = String(
      decoding: try JSONEncoder().encode(TinyViLT.configuration), as: UTF8.self
    ).replacingOccurrences(of: #""side":"#, with: #""sides":1,"side":"#)
    #expect {
      try decodeStrictly(ViLTConfiguration.self, from: Data(text.utf8), file: "config.json")
    } throws: { error in
      "\(error)".contains("there is no entry 'image.sides'")
    }
  }

  private typealias Change = @Sendable (inout ViLTConfiguration) -> Void

  private static let wrong: [(words: String, change: Change)] = [
    ("'schema'", { $0.schema = 2 }),
    ("'family' should be 'vilt', found 'unit'", { $0.family = "unit" }),
    ("'transformer.width'", { $0.transformer.width = 0 }),
    ("'transformer.heads' should be a divisor of the width 32", { $0.transformer.heads = 5 }),
    ("'transformer.dropout'", { $0.transformer.dropout = 1 }),
    ("'transformer.epsilon'", { $0.transformer.epsilon = .nan }),
    ("'text.vocabulary'", { $0.text.vocabulary = 0 }),
    ("'text.positions' should be in 2...65536", { $0.text.positions = 1 }),
    ("'text.types'", { $0.text.types = 0 }),
    ("'image.patch'", { $0.image.patch = 0 }),
    ("'image.side' should be in 8...16384, found 7", { $0.image.side = 7 }),
    ("'image.modalities' should be in 2...64", { $0.image.modalities = 1 }),
    ("'tasks' should be one task", { $0.tasks = [] }),
    ("'tasks[0]' should be the head 'answer'", { $0.tasks[0].head = "detection" }),
    ("'tasks[0]' should be the head 'answer'", { $0.tasks[0].inputs = [.text] }),
    ("'tasks[0].labels (count)'", { $0.tasks[0].labels = [] }),
    ("'tasks[0].maximum_tokens' should be in 2...16", { $0.tasks[0].maximumTokens = 17 }),
  ]

  @Test(arguments: wrong.indices)
  func valuesThatCannotBe(_ index: Int) {
    let (words, change) = Self.wrong[index]
    var configuration = TinyViLT.configuration
    change(&configuration)
    #expect {
      try configuration.validate(file: "config.json")
    } throws: { error in
      "\(error)".hasPrefix("config.json: ") && "\(error)".contains(words)
    }
  }
}
