import JSONStream

extension LabelTable {
  /// Reads labels as JSON or lines of JSON.
  init(from reader: inout JSONReader, role: Role, column: String?) throws {
    self.init()
    let names = column.map { [$0] } ?? role.names
    if try reader.peek() == .array {
      try reader.array { reader, _ in try append(&reader, names) }
      return
    }
    var labels: [Row] = []
    let start = reader.place()
    let row = try Self.members(&reader, names) { id, label in
      labels.append(Row(id: id, label: label))
    }
    if let (name, row) = row {
      self.column = name
      rows.append(row)
    } else if reader.isAtEnd {
      rows = labels
      return
    } else {
      throw reader.unexpected(
        "a label named \(names.prefix(3).joined(separator: ", "))",
        found: "an object without it", at: start)
    }
    while !reader.isAtEnd { try append(&reader, names) }
  }

  private mutating func append(_ reader: inout JSONReader, _ names: [String]) throws {
    guard try reader.peek() == .object else {
      rows.append(Row(id: nil, label: try Self.scalar(&reader)))
      return
    }
    let start = reader.place()
    guard let (name, row) = try Self.members(&reader, names) else {
      throw reader.unexpected(
        "a label named \(names.prefix(3).joined(separator: ", "))",
        found: "an object without it", at: start
      ).advising("name the key with --truth-column or --prediction-column")
    }
    column = name
    rows.append(row)
  }

  /// Reads an object: its label by the surest of the names, and its id.
  ///
  /// - Parameter others: gets every member that is a text or a number.
  private static func members(
    _ reader: inout JSONReader, _ names: [String],
    others: (String, String) -> Void = { _, _ in }
  ) throws -> (String, Row)? {
    var id: (rank: Int, text: String)?
    var label: (rank: Int, text: String)?
    try reader.object { reader, key in
      switch try reader.peek() {
      case .string, .number, .boolean: break
      default: return try reader.skip()
      }
      let text = try scalar(&reader)
      others(canonical(key), text)
      if let rank = names.firstIndex(of: key), rank < label?.rank ?? .max { label = (rank, text) }
      if let rank = idNames.firstIndex(of: key), rank < id?.rank ?? .max { id = (rank, text) }
    }
    return label.map { (names[$0.rank], Row(id: id?.text, label: $0.text)) }
  }

  /// Reads a text, number or truth value as text.
  private static func scalar(_ reader: inout JSONReader) throws -> String {
    switch try reader.peek() {
    case .string: return canonical(try reader.string())
    case .boolean: return try reader.boolean() ? "true" : "false"
    case .number: return canonical("\(try reader.double())")
    default: throw reader.unexpected("a label")
    }
  }
}
