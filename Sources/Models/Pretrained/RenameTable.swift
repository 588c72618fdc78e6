import Tensors

/// Rules between the parameter names of another layout and the canonical ones, as data.
///
/// One rule a line, the other layout's name at the left:
///
///     model.encoder.layers.<n>.fc1.<p> = encoder.layers.<n>.linear1.<p>
///     a.<n>.q.<p> + a.<n>.k.<p> + a.<n>.v.<p> = b.<n>.in_proj_<p>
///
/// `+` joins tensors along their first axis. `<x>` stands for the characters up to the next dot,
/// `<x+1>` for the following number, `<x...>` at the end for all that is left. The first rule that
/// fits a name counts, so that a table may list several spellings; the way back uses the first
/// rule whose canonical side fits. Lines that begin with `#` and empty lines are passed over.
public struct RenameTable: Sendable {
  private struct Rule {
    let sources: [NamePattern]
    let canonical: NamePattern
  }

  private let rules: [Rule]

  /// Reads a table; tables are part of the program, so a wrong one is a programming error.
  public init(_ text: String) {
    rules = text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let first = words.first, !first.hasPrefix("#") else { return nil }
      let sides = words.split(separator: "=")
      precondition(
        sides.count == 2 && sides[1].count == 1, "the rule '\(line)' is not 'a [+ b] = canonical'")
      let sources = sides[0].split(separator: "+")
      precondition(
        !sources.isEmpty && sources.allSatisfy { $0.count == 1 },
        "the rule '\(line)' is not 'a [+ b] = canonical'")
      return Rule(
        sources: sources.map { NamePattern($0.first!) }, canonical: NamePattern(sides[1].first!))
    }
  }

  /// The rules of both tables, this one's first.
  public static func + (first: RenameTable, second: RenameTable) -> RenameTable {
    RenameTable(rules: first.rules + second.rules)
  }

  private init(rules: [Rule]) { self.rules = rules }

  /// The tensors under their canonical names; a name that no rule is about stays as it is.
  ///
  /// - Parameter file: where the tensors come from, for error messages.
  /// - Throws: `RenameError` when a part of a joined tensor is missing or does not fit, or when two
  ///   names stand for one.
  public func canonical(_ tensors: [String: Tensor], file: String) throws -> [String: Tensor] {
    var renamed: [String: Tensor] = [:]
    var origins: [String: String] = [:]
    var done: Set<String> = []
    func add(_ name: String, _ tensor: Tensor, from origin: String) throws {
      if let other = origins.updateValue(origin, forKey: name) {
        throw RenameError.collision(file: file, first: other, second: origin)
      }
      renamed[name] = tensor
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) where !done.contains(name) {
      guard let (rule, captures) = self.rule(for: name),
        let canonical = rule.canonical.filled(captures)
      else {
        try add(name, tensor, from: name)
        continue
      }
      if rule.sources.count == 1 {
        try add(canonical, tensor, from: name)
        continue
      }
      let names = rule.sources.compactMap { $0.filled(captures) }
      if let missing = names.first(where: { tensors[$0] == nil }) {
        throw RenameError.missingPart(file: file, missing: missing, present: name)
      }
      let parts = names.compactMap { tensors[$0] }
      for (name, part) in zip(names, parts)
      where part.rank == 0 || part.shape.dropFirst() != parts[0].shape.dropFirst() {
        throw RenameError.unequalParts(
          file: file, first: names[0], firstShape: parts[0].shape, second: name,
          secondShape: part.shape)
      }
      done.formUnion(names)
      try add(canonical, concatenated(parts, axis: 0), from: name)
      for part in parts { part.giveBackPages() }
    }
    return renamed
  }

  /// The tensors under the names of the other layout; a canonical name that no rule is about stays.
  ///
  /// - Precondition: the rows of a joined tensor can be split evenly.
  public func original(_ tensors: [(name: String, tensor: Tensor)])
    -> [(name: String, tensor: Tensor)]
  {
    tensors.flatMap { name, tensor -> [(name: String, tensor: Tensor)] in
      for rule in rules {
        guard let captures = rule.canonical.match(name) else { continue }
        let names = rule.sources.compactMap { $0.filled(captures) }
        guard names.count == rule.sources.count else { continue }
        if names.count == 1 { return [(names[0], tensor)] }
        let rows = tensor.shape[0] / names.count
        precondition(
          rows * names.count == tensor.shape[0],
          "\(name) of shape \(tensor.shape) cannot be split into \(names.count)")
        return names.enumerated().map { part, name in
          (name, tensor.sliced(axis: 0, range: part * rows..<(part + 1) * rows))
        }
      }
      return [(name, tensor)]
    }
  }

  /// What a file of the other layout calls canonical names, for messages about them: the spelling
  /// of the file where it has the tensor, and the first one of the table where it has not. The parts
  /// of a joined tensor have `+` between them.
  ///
  /// - Parameter names: the names in the file.
  public func spelling(in names: some Sequence<String>) -> (_ canonical: String) -> String {
    // Made when the first message needs it.
    var known: [String: String]?
    return { name in
      let spellings = known ?? spellings(of: names)
      known = spellings
      return spellings[name] ?? firstSpelling(of: name)
    }
  }

  /// By canonical name.
  private func spellings(of names: some Sequence<String>) -> [String: String] {
    var spellings: [String: String] = [:]
    for name in names.sorted() {
      guard let (rule, captures) = rule(for: name), let canonical = rule.canonical.filled(captures)
      else { continue }
      spellings[canonical] =
        rule.sources.compactMap { $0.filled(captures) }.joined(separator: " + ")
    }
    return spellings
  }

  private func firstSpelling(of canonical: String) -> String {
    for rule in rules {
      guard let captures = rule.canonical.match(canonical) else { continue }
      let names = rule.sources.compactMap { $0.filled(captures) }
      if names.count == rule.sources.count { return names.joined(separator: " + ") }
    }
    return canonical
  }

  private func rule(for name: String) -> (Rule, [String: String])? {
    for rule in rules {
      for source in rule.sources {
        if let captures = source.match(name) { return (rule, captures) }
      }
    }
    return nil
  }
}

/// A checkpoint whose names do not fit together.
public enum RenameError: Error, CustomStringConvertible, Equatable {
  /// One of the tensors that are joined is not there.
  case missingPart(file: String, missing: String, present: String)
  /// The tensors that are joined differ in more than their rows.
  case unequalParts(
    file: String, first: String, firstShape: Shape, second: String, secondShape: Shape)
  /// Two names of the file stand for the same parameter.
  case collision(file: String, first: String, second: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missingPart(let file, let missing, let present):
      return "\(file): expected the tensor '\(missing)' beside '\(present)', it is not there. "
        + "The file is incomplete; fetch it again."
    case .unequalParts(let file, let first, let firstShape, let second, let secondShape):
      return "\(file): '\(first)' \(firstShape) and '\(second)' \(secondShape) belong together and "
        + "should have the same shape behind the first axis."
    case .collision(let file, let first, let second):
      return "\(file): '\(first)' and '\(second)' are two spellings of one parameter; "
        + "remove one of them."
    }
  }
}
