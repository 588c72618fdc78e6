import Tensors

/// What a checkpoint holds beside its weights: options, counters, names, as plain data.
public indirect enum CheckpointValue: Sendable, Equatable {
  /// Python's None.
  case none
  /// A truth value.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// A number with a fraction.
  case number(Double)
  /// A text.
  case text(String)
  /// Bytes without a meaning of their own; only their number is kept.
  case bytes(count: Int)
  /// A list, a tuple or a set.
  case list([CheckpointValue])
  /// A dictionary in the order of the file.
  case dictionary([Member])
  /// A tensor that is no weight, such as an optimiser's moments.
  case tensor(type: ElementType, shape: Shape)
  /// An object of a known harmless class, such as `argparse.Namespace`, with what it was made of.
  case object(className: String, parts: [CheckpointValue])

  /// A key of a dictionary with its value.
  public struct Member: Sendable, Equatable {
    /// The key, usually a text.
    public let key: CheckpointValue
    /// What stands under the key.
    public let value: CheckpointValue

    /// A key with its value.
    public init(key: CheckpointValue, value: CheckpointValue) {
      self.key = key
      self.value = value
    }
  }

  /// The value under a text key; nil where there is none or this is no dictionary.
  public subscript(_ key: String) -> CheckpointValue? {
    guard case .dictionary(let members) = self else { return nil }
    return members.first { $0.key == .text(key) }?.value
  }
}
