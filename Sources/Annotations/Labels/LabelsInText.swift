extension LabelTable {
  /// Reads labels from CSV, TSV or plain lines.
  init(text: String, file: String, role: Role, column: String?) throws {
    self.init()
    var text = Substring(text)
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    let lines = try DelimitedText(text, file: file).lines
    guard let header = lines.first?.cells else { return }
    let cells = header.map(\.trimmed)
    let names = column.map { [$0] } ?? role.names
    var labelPosition = names.lazy.compactMap { cells.firstIndex(of: $0) }.first
    let hasHeader = labelPosition != nil
    if let labelPosition { self.column = cells[labelPosition] }
    if labelPosition == nil, let number = column.flatMap({ Int($0) }),
      header.indices.contains(number - 1)
    {
      labelPosition = number - 1
    } else if labelPosition == nil, column == nil, header.count == 1 {
      labelPosition = 0
    }
    guard let labelPosition else {
      throw LabelError(
        file: file, line: 1,
        expected: "a column named \(names.prefix(5).joined(separator: ", "))",
        found: cells.prefix(8).joined(separator: ", "),
        advice: "name the column with --truth-column or --prediction-column, or give its number "
          + "where there is no header")
    }
    let idPosition =
      hasHeader ? Self.idNames.lazy.compactMap { cells.firstIndex(of: $0) }.first : nil
    for line in lines.dropFirst(hasHeader ? 1 : 0) {
      guard line.cells.count > labelPosition, line.cells.count > idPosition ?? 0 else {
        throw LabelError(
          file: file, line: line.number, expected: "\(header.count) columns",
          found: "\(line.cells.count)")
      }
      rows.append(
        Row(
          id: idPosition.map { Self.canonical(line.cells[$0]) },
          label: Self.canonical(line.cells[labelPosition])))
    }
  }
}

/// Lines of cells: with tabs if the first line has one, else with commas.
struct DelimitedText {
  /// One line's cells; quoted cells may go over several lines of the file.
  struct Line {
    /// The line of the file where it begins, from 1.
    let number: Int
    let cells: [String]
  }

  let lines: [Line]

  init(_ text: Substring, file: String) throws {
    let scalars = text.unicodeScalars
    let isTabbed = scalars.prefix { $0 != "\n" }.contains("\t")
    lines =
      isTabbed
      ? scalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        .compactMap { number, line in
          let content = line.last == "\r" ? line.dropLast() : line
          guard !content.isEmpty else { return nil }
          let cells = content.split(separator: "\t", omittingEmptySubsequences: false)
          return Line(number: number + 1, cells: cells.map { String($0) })
        }
      : try Self.quoted(scalars, file: file)
  }

  /// Cells as RFC 4180 has them.
  private static func quoted(
    _ scalars: Substring.UnicodeScalarView, file: String
  ) throws -> [Line] {
    var lines: [Line] = []
    var cells: [String] = []
    var cell = String.UnicodeScalarView()
    var (number, start) = (1, 1)
    var isQuoted = false
    var wasQuoted = false
    func endLine() {
      cells.append(String(cell))
      cell = String.UnicodeScalarView()
      if cells.count > 1 || !cells[0].isEmpty || wasQuoted {
        lines.append(Line(number: start, cells: cells))
      }
      (cells, wasQuoted, start) = ([], false, number + 1)
    }
    var position = scalars.startIndex
    while position < scalars.endIndex {
      let scalar = scalars[position]
      scalars.formIndex(after: &position)
      switch scalar {
      case "\"" where isQuoted:
        if position < scalars.endIndex, scalars[position] == "\"" {
          cell.append("\"")
          scalars.formIndex(after: &position)
        } else {
          isQuoted = false
        }
      case "\"" where cell.isEmpty: (isQuoted, wasQuoted) = (true, true)
      case "," where !isQuoted:
        cells.append(String(cell))
        cell = String.UnicodeScalarView()
      case "\n":
        if isQuoted { cell.append(scalar) } else { endLine() }
        number += 1
      case "\r" where !isQuoted: break
      default: cell.append(scalar)
      }
    }
    guard !isQuoted else {
      throw LabelError(
        file: file, line: start, expected: "a closing quote", found: "the end of the file")
    }
    if !cell.isEmpty || !cells.isEmpty || wasQuoted { endLine() }
    return lines
  }
}
