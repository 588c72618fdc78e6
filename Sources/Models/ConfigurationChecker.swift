/// Checks that the numbers of a configuration describe a model, before anything is allocated.
public struct ConfigurationChecker {
  /// The configuration's file, for error messages.
  public let file: String

  /// A checker of one file.
  public init(file: String) { self.file = file }

  /// An error about an entry.
  public func invalid(_ key: String, _ expected: String, _ found: String) -> ConfigurationError {
    .invalid(file: file, key: key, expected: expected, found: found)
  }

  /// Refuses a number that lies outside.
  ///
  /// - Throws: `ConfigurationError.invalid`, as all checks.
  public func range(_ key: String, _ value: Int, _ allowed: ClosedRange<Int>) throws {
    if !allowed.contains(value) {
      throw invalid(key, "in \(allowed.lowerBound)...\(allowed.upperBound)", "\(value)")
    }
  }

  /// Refuses labels of which two are the same; those without a name may be many.
  public func distinct(_ key: String, _ labels: [String]) throws {
    var named: Set<String> = []
    if let again = labels.first(where: { !$0.isEmpty && !named.insert($0).inserted }) {
      throw invalid(key, "names that differ", "'\(again)' twice")
    }
  }

  /// Refuses a Transformer that cannot be.
  public func transformer(
    _ key: String, _ width: Int, _ heads: Int, _ feedforward: Int, _ layers: Int, _ dropout: Float
  ) throws {
    try range("\(key).width", width, 1...16_384)
    try range("\(key).heads", heads, 1...256)
    try range("\(key).feedforward", feedforward, 1...65_536)
    try range("\(key).layers", layers, 0...128)
    if width % heads != 0 {
      throw invalid("\(key).heads", "a divisor of the width \(width)", "\(heads)")
    }
    if !(0..<1).contains(dropout) { throw invalid("\(key).dropout", "in 0..<1", "\(dropout)") }
  }

  /// Refuses a convolutional network that cannot be.
  public func check(_ backbone: BackboneConfiguration, at key: String) throws {
    switch backbone {
    case .resNet(let network): try check(network, at: key)
    case .efficientNetLite(let network): try check(network, at: key)
    }
  }

  private func check(_ network: ResNetConfiguration, at key: String) throws {
    try range("\(key).stem.width", network.stem.width, 1...4096)
    try kernel("\(key).stem.kernel", network.stem.kernel)
    try range("\(key).stem.stride", network.stem.stride, 1...16)
    try range("\(key).widths (count)", network.widths.count, 1...8)
    if network.depths.count != network.widths.count {
      throw invalid(
        "\(key).depths", "\(network.widths.count) numbers, as many as widths",
        "\(network.depths.count)")
    }
    for (index, (width, depth)) in zip(network.widths, network.depths).enumerated() {
      try range("\(key).widths[\(index)]", width, 1...8192)
      try range("\(key).depths[\(index)]", depth, 1...200)
    }
  }

  private func check(_ network: EfficientNetLiteConfiguration, at key: String) throws {
    try range("\(key).stem", network.stem, 1...4096)
    try range("\(key).head", network.head, 1...65_536)
    for (name, rows) in network.classGroups {
      try range("\(key).class_groups.\(name) (count)", rows.count, 1...1000)
      for row in rows { try range("\(key).class_groups.\(name)", row, 0...999) }
    }
    try range("\(key).stages (count)", network.stages.count, 1...32)
    for (index, stage) in network.stages.enumerated() {
      let key = "\(key).stages[\(index)]"
      try range("\(key).blocks", stage.blocks, 1...200)
      try kernel("\(key).kernel", stage.kernel)
      try range("\(key).stride", stage.stride, 1...16)
      try range("\(key).expansion", stage.expansion, 1...64)
      try range("\(key).width", stage.width, 1...8192)
    }
  }

  private func kernel(_ key: String, _ size: Int) throws {
    try range(key, size, 1...31)
    if size % 2 == 0 { throw invalid(key, "odd", "\(size)") }
  }
}
