/// What a pickle describes, as data. Nothing in it can be called.
///
/// Containers live in `Pickle.nodes` and are referred to by their place, because a pickle may
/// change a container after it has referred to it, refer to it twice, or make it contain itself.
enum PickleValue: Hashable {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case bytes([UInt8])
  case global(String)
  case node(Int)
}

/// A container or an object of a pickle.
struct PickleNode {
  enum Kind: Equatable {
    case list
    case tuple
    case set
    /// Keys and values in turn.
    case dictionary
    /// An instance of a harmless class; its items are what it was made of.
    case object(String)
    /// A place in `Pickle.storages`.
    case storage(Int)
    /// A place in `Pickle.tensors`.
    case tensor(Int)
  }

  let kind: Kind
  var items: [PickleValue] = []
}

/// A run of numbers that tensors are views of.
struct PickleStorage: Equatable {
  /// Name within the archive.
  let key: String
  /// Type of its elements; nil for bytes without a type.
  let type: ElementType?
  /// Number of elements, or of bytes without a type.
  let count: Int
}

/// A tensor as a view of a storage; counted in elements of its type.
struct PickleTensor: Hashable {
  let storage: Int
  /// The type's PyTorch name where the reader has no such type.
  let type: TypeName
  let offset: Int
  let shape: [Int]
  let strides: [Int]

  enum TypeName: Hashable {
    case known(ElementType)
    case unknown(String)
  }
}

/// A pickle that has been read.
struct Pickle {
  var root: PickleValue = .none
  var nodes: [PickleNode] = []
  var storages: [PickleStorage] = []
  var tensors: [PickleTensor] = []

  /// The items of a list, tuple or set, or nil for anything else.
  func sequence(_ value: PickleValue) -> [PickleValue]? {
    guard case .node(let place) = value else { return nil }
    switch nodes[place].kind {
    case .list, .tuple, .set: return nodes[place].items
    default: return nil
    }
  }

  /// The keys and values of a dictionary, in order, or nil for anything else.
  func members(_ value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
    guard case .node(let place) = value, nodes[place].kind == .dictionary else { return nil }
    let items = nodes[place].items
    return stride(from: 0, to: items.count - 1, by: 2).map { (items[$0], items[$0 + 1]) }
  }

  /// The place of the tensor that the value is, or nil.
  func tensor(_ value: PickleValue) -> Int? {
    guard case .node(let place) = value, case .tensor(let tensor) = nodes[place].kind else {
      return nil
    }
    return tensor
  }

  /// What the value is, in a word or two.
  func kind(_ value: PickleValue) -> String {
    switch value {
    case .none: return "None"
    case .bool: return "a truth value"
    case .integer, .number: return "a number"
    case .text: return "a text"
    case .bytes: return "bytes"
    case .global(let name): return "'\(name)'"
    case .node(let place):
      switch nodes[place].kind {
      case .list: return "a list"
      case .tuple: return "a tuple"
      case .set: return "a set"
      case .dictionary: return "a dictionary"
      case .object(let name): return "an object of class '\(name)'"
      case .storage: return "a storage"
      case .tensor: return "a tensor"
      }
    }
  }
}
