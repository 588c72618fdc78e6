import Models

/// Checks a configuration that was read from transformers' and calls its entries as they are called
/// there, so that a message names something that the user's file has.
///
/// - Parameter widthKey: the entry that holds the width of the states.
/// - Throws: what `check` throws, with the key of a `ConfigurationError.invalid` translated.
func checkingEntries(widthKey: String, _ check: () throws -> Void) throws {
  do {
    try check()
  } catch ConfigurationError.invalid(let file, let key, let expected, let found) {
    let parts = key.split(separator: ".").map(String.init)
    let stack = parts.dropLast().last ?? ""
    let coder = stack == "image" ? "encoder" : stack
    let name: String
    switch parts.last ?? key {
    case "width": name = widthKey
    case "heads": name = "\(coder)_attention_heads"
    case "layers": name = "\(coder)_layers"
    case "feedforward": name = "\(coder)_ffn_dim"
    case "dropout": name = "dropout"
    case "queries": name = "num_queries"
    case "labels", "labels (count)": name = "id2label"
    case "patterns": name = "num_patterns"
    case "row_temperature": name = "temperature_height"
    case "column_temperature": name = "temperature_width"
    case let last: name = stack == "variant" ? last : key
    }
    throw ConfigurationError.invalid(file: file, key: name, expected: expected, found: found)
  }
}
