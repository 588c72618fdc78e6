/// A dense, row-major, 32-bit float tensor with value semantics.
///
/// A tensor always lies contiguously in memory: `reshaped` shares the storage, every other
/// rearrangement (slice, transpose) makes a compact copy. The kernels therefore see one layout
/// only. A tensor made by an operation inside `withGradients` also knows its place on the tape.
public struct Tensor: Sendable {
  /// Extent along each axis, outermost first.
  public let shape: Shape
  var storage: Storage
  /// Place on the tape, or nil for a constant.
  let place: Tape.Place?

  init(shape: Shape, storage: Storage, place: Tape.Place? = nil) {
    precondition(
      shape.elementCount == storage.count,
      "shape \(shape) needs \(shape.elementCount) elements, the storage holds \(storage.count)")
    self.shape = shape
    self.storage = storage
    self.place = place
  }

  /// A tensor over storage that the caller has filled.
  public init(shape: Shape, storage: Storage) {
    self.init(shape: shape, storage: storage, place: nil)
  }

  /// A tensor whose elements `fill` writes; it must write every one.
  public init(shape: Shape, filling fill: (UnsafeMutablePointer<Float>) throws -> Void) rethrows {
    let storage = Storage(count: shape.elementCount)
    try fill(storage.pointer)
    self.init(shape: shape, storage: storage)
  }

  /// A tensor of the given elements in row-major order.
  public init(_ elements: [Float], shape: Shape) {
    precondition(
      elements.count == shape.elementCount,
      "\(elements.count) elements do not fill the shape \(shape)")
    self.init(shape: shape) { destination in
      elements.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { destination.update(from: base, count: source.count) }
      }
    }
  }

  /// A tensor of one axis.
  public init(_ elements: [Float]) { self.init(elements, shape: [elements.count]) }

  /// A scalar, shape `[]`.
  public init(_ scalar: Float) { self.init([scalar], shape: []) }

  /// A tensor with `value` everywhere.
  public init(repeating value: Float, shape: Shape) {
    self.init(shape: shape) { elements in
      forEachPiece(shape.elementCount) { start, count in
        (elements + start).update(repeating: value, count: count)
      }
    }
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape: shape) }

  /// A tensor of ones.
  public static func ones(_ shape: Shape) -> Tensor { Tensor(repeating: 1, shape: shape) }

  /// Number of elements.
  public var count: Int { storage.count }
  /// Number of axes.
  public var rank: Int { shape.count }

  /// The elements in row-major order, copied.
  public var elements: [Float] {
    Array(UnsafeBufferPointer(start: storage.pointer, count: storage.count))
  }

  /// The only element of a tensor that holds exactly one.
  public var scalar: Float {
    precondition(count == 1, "a tensor of shape \(shape) is not a scalar")
    return withExtendedLifetime(storage) { storage.pointer[0] }
  }

  /// The element at the given position, one index an axis.
  public subscript(_ indices: Int...) -> Float {
    precondition(indices.count == rank, "\(indices.count) indices for a tensor of shape \(shape)")
    var offset = 0
    for (axis, index) in indices.enumerated() {
      precondition(index >= 0 && index < shape[axis], "index \(indices) outside shape \(shape)")
      offset = offset * shape[axis] + index
    }
    return withExtendedLifetime(storage) { storage.pointer[offset] }
  }

  /// Reads the elements in place.
  public func withPointer<Result>(
    _ body: (UnsafePointer<Float>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafePointer(storage.pointer)) }
  }

  /// Writes the elements in place, after copying them if the storage is shared.
  public mutating func withMutablePointer<Result>(
    _ body: (UnsafeMutablePointer<Float>) throws -> Result
  ) rethrows -> Result {
    precondition(place == nil, "a tensor on the tape cannot be written in place")
    if storage.owner != nil || !isKnownUniquelyReferenced(&storage) {
      let copy = Storage(count: storage.count)
      copy.pointer.update(from: storage.pointer, count: storage.count)
      storage = copy
    }
    return try withExtendedLifetime(storage) { try body(storage.pointer) }
  }

  /// The tensor's own memory, for a result of as many elements that is written over it; nil where
  /// somebody else can see it too.
  mutating func storageToOverwrite() -> Storage? {
    guard place == nil, storage.owner == nil, isKnownUniquelyReferenced(&storage) else {
      return nil
    }
    return storage
  }

  /// Takes the pages of a tensor that is mapped from a file out of memory until they are read again;
  /// the values stay. Does nothing to other tensors.
  public func giveBackPages() { giveBackPages(0..<count) }

  /// As `giveBackPages`, for some of the elements in row-major order.
  func giveBackPages(_ elements: Range<Int>) { storage.giveBackPages(elements) }

  /// The same values as a constant: gradients do not flow through it.
  public var detached: Tensor { Tensor(shape: shape, storage: storage) }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first few elements.
  public var description: String {
    let head = elements.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Tensor\(shape)[\(head)\(count > 8 ? ", …" : "")]"
  }
}
