import CKernels

/// For each tensor the position of its first element that is infinite or not a number, or nil.
///
/// The tensors are read once, on several threads; the pages of mapped ones are given back, because
/// what is made of them reads them when its turn comes, and a large model need not fit twice.
public func firstNotFinite(_ tensors: [Tensor]) -> [Int?] {
  let grain = 1 << 20
  let pieces = tensors.enumerated().flatMap { index, tensor in
    stride(from: 0, to: tensor.count, by: grain).map { (tensor: index, start: $0) }
  }
  let found = UnsafeMutableBufferPointer<Int>.allocate(capacity: pieces.count)
  defer { found.deallocate() }
  nonisolated(unsafe) let positions = found
  Parallel.forEach(pieces.count) { piece in
    let (index, start) = pieces[piece]
    let count = min(grain, tensors[index].count - start)
    positions[piece] = tensors[index].withPointer { elements in
      Int(kernel_first_not_finite(count, elements + start))
    }
    tensors[index].giveBackPages(start..<start + count)
  }
  var result = [Int?](repeating: nil, count: tensors.count)
  for (piece, position) in zip(pieces, found)
  where position >= 0 && result[piece.tensor] == nil {
    result[piece.tensor] = piece.start + position
  }
  return result
}
