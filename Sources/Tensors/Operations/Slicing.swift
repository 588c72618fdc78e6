extension Tensor {
  /// The elements whose position along `axis` lies in `range`.
  public func sliced(axis: Int, range: Range<Int>) -> Tensor {
    let axis = shape.axis(axis)
    precondition(
      rank > 0 && range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "slice \(range) of axis \(axis) does not lie in \(shape)")
    let blocks = AxisBlocks(shape, axis: axis)
    var target = shape
    target[axis] = range.count
    let source = detached
    let result: Tensor
    if blocks.outer == 1 {
      // One run of memory: the slice reads it in place and keeps the whole alive.
      result = Tensor(
        shape: target,
        storage: Storage(
          borrowing: source.storage.pointer + range.lowerBound * blocks.run,
          count: target.elementCount, owner: source.storage))
    } else {
      result = Tensor(shape: target) { destination in
        source.withPointer {
          blocks.copyOut(of: $0, from: range.lowerBound, extent: range.count, to: destination)
        }
      }
    }
    let own = shape
    return result.recorded(from: [self]) { gradient, _ in
      var whole = Tensor.zeros(own)
      whole.withMutablePointer { destination in
        gradient.withPointer {
          blocks.copyIn($0, to: range.lowerBound, extent: range.count, of: destination)
        }
      }
      return [whole]
    }
  }
}

/// Joins tensors along an axis; all other axes must agree.
public func concatenated(_ tensors: [Tensor], axis: Int) -> Tensor {
  guard let first = tensors.first else {
    preconditionFailure("concatenated needs one tensor at least")
  }
  if tensors.count == 1 { return first }
  let axis = first.shape.axis(axis)
  var shape = first.shape
  shape[axis] = 0
  for tensor in tensors {
    var other = tensor.shape
    if other.count == shape.count { other[axis] = shape[axis] }
    precondition(
      other == shape,
      "concatenated cannot join \(first.shape) and \(tensor.shape) along axis \(axis)")
    shape[axis] += tensor.shape[axis]
  }
  let blocks = AxisBlocks(shape, axis: axis)
  let extents = tensors.map { $0.shape[axis] }
  let result = Tensor(shape: shape) { destination in
    var position = 0
    for (tensor, extent) in zip(tensors, extents) {
      tensor.withPointer { blocks.copyIn($0, to: position, extent: extent, of: destination) }
      position += extent
    }
  }
  return result.recorded(from: tensors) { gradient, needed in
    var position = 0
    return zip(needed, extents).map { needed, extent in
      defer { position += extent }
      return needed ? gradient.sliced(axis: axis, range: position..<position + extent) : nil
    }
  }
}

/// Joins tensors of one shape along a new axis.
public func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
  guard let first = tensors.first else { preconditionFailure("stacked needs one tensor at least") }
  let position = axis < 0 ? axis + first.rank + 1 : axis
  precondition(
    position >= 0 && position <= first.rank, "stacked cannot put axis \(axis) into \(first.shape)")
  var shape = first.shape
  shape.insert(1, at: position)
  let pieces = tensors.map { tensor in
    precondition(
      tensor.shape == first.shape, "stacked got the shapes \(first.shape) and \(tensor.shape)")
    return tensor.reshaped(shape)
  }
  return concatenated(pieces, axis: position)
}

/// A row-major array seen along one axis: `outer` times `extent` runs of `run` elements.
private struct AxisBlocks {
  let outer: Int
  let extent: Int
  let run: Int

  init(_ shape: Shape, axis: Int) {
    outer = shape[..<axis].reduce(1, *)
    extent = shape[axis]
    run = shape[(axis + 1)...].reduce(1, *)
  }

  /// Copies positions of the axis from the whole array into a compact one.
  func copyOut(
    of whole: UnsafePointer<Float>, from position: Int, extent part: Int,
    to compact: UnsafeMutablePointer<Float>
  ) {
    for block in 0..<outer {
      (compact + block * part * run)
        .update(from: whole + (block * extent + position) * run, count: part * run)
    }
  }

  /// Copies a compact array into positions of the axis of the whole one.
  func copyIn(
    _ compact: UnsafePointer<Float>, to position: Int, extent part: Int,
    of whole: UnsafeMutablePointer<Float>
  ) {
    for block in 0..<outer {
      (whole + (block * extent + position) * run)
        .update(from: compact + block * part * run, count: part * run)
    }
  }
}
