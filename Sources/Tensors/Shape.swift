/// A tensor's extent along each axis, outermost first; `[]` is a scalar.
public typealias Shape = [Int]

extension Array where Element == Int {
  /// Number of elements of a tensor with this shape: the product, 1 for a scalar.
  public var elementCount: Int { reduce(1, *) }

  /// Distance, in elements, between neighbours along each axis of a row-major tensor.
  public var rowMajorStrides: [Int] {
    var strides = [Int](repeating: 1, count: count)
    for axis in stride(from: count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * self[axis + 1]
    }
    return strides
  }

  /// The axis as a position from the front; negative axes count from the back.
  public func axis(_ axis: Int) -> Int {
    let position = axis < 0 ? axis + count : axis
    precondition(
      position >= 0 && position < Swift.max(count, 1), "axis \(axis) does not exist in \(self)")
    return position
  }

  /// The shape that both shapes broadcast to by NumPy's rules, or nil where they do not fit.
  public func broadcast(with other: [Int]) -> [Int]? {
    let rank = Swift.max(count, other.count)
    var result = [Int](repeating: 1, count: rank)
    for offset in 1...Swift.max(rank, 1) where offset <= rank {
      let a = offset <= count ? self[count - offset] : 1
      let b = offset <= other.count ? other[other.count - offset] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result[rank - offset] = a == 1 ? b : a
    }
    return result
  }
}
