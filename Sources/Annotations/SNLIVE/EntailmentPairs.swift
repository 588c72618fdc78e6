import JSONStream

/// Statements about pictures and whether they follow from them, in SNLI-VE's format: one JSON
/// object a line.
public struct EntailmentPairs: Sendable, Equatable {
  /// One statement.
  public struct Pair: Sendable, Equatable {
    /// What the pair is called, such as `4705552913.jpg#2r1n`; its line if it has no name.
    public var id: String
    /// Flickr's id of the picture, with or without `.jpg`.
    public var picture: String
    /// The statement (`sentence2`).
    public var hypothesis: String
    /// What most people said: `entailment`, `neutral`, `contradiction`; `-` where they disagreed.
    public var label: String
  }

  /// The pairs in the order of the file.
  public var pairs: [Pair] = []

  /// Reads a file such as `snli_ve_dev.jsonl`.
  ///
  /// - Throws: `JSONError`.
  public init(path: String) throws {
    let file = try JSONFile(path: path)
    self = try file.read { try EntailmentPairs(from: &$0) }
  }

  /// Reads objects until there are no more.
  ///
  /// - Throws: `JSONError`.
  public init(from reader: inout JSONReader) throws {
    while !reader.isAtEnd {
      let start = reader.place()
      var (id, picture, hypothesis, label): (String?, String?, String?, String?)
      try reader.object { reader, key in
        switch key {
        case "pairID": id = try reader.string()
        // The published files spell the first of these in two ways.
        case "Flickr30K_ID", "Flikr30kID", "Flickr30kID", "image":
          picture =
            try reader.peek() == .number ? "\(try reader.integer())" : try reader.string()
        case "sentence2": hypothesis = try reader.string()
        case "gold_label": label = try reader.string()
        default: try reader.skip()
        }
      }
      pairs.append(
        Pair(
          id: id ?? "pair \(pairs.count + 1)",
          picture: try reader.required(picture, "Flickr30K_ID", at: start),
          hypothesis: try reader.required(hypothesis, "sentence2", at: start),
          label: try reader.required(label, "gold_label", at: start)))
    }
  }
}
