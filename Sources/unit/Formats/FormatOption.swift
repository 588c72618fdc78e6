import ArgumentParser

/// A closed choice given on the command line, such as an output format; a mistyped one gets a
/// suggestion.
protocol NamedChoice: CaseIterable, RawRepresentable, Sendable where RawValue == String {}

extension NamedChoice {
  /// All names, for help texts.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// The choice of the given name.
  ///
  /// - Throws: `ValidationError` (exit code 64) with the nearest name and all of them.
  static func named(_ name: String) throws -> Self {
    if let choice = Self(rawValue: name) { return choice }
    let names = allCases.map(\.rawValue)
    throw ValidationError(
      "'\(name.shortened())' is not one of \(names.joined(separator: ", "))"
        + didYouMean(name, among: names))
  }
}

/// The formats of reports that people read and scripts take apart.
enum ReportFormat: String, NamedChoice {
  case text, json
}
