import Tensors

/// A tensor as PyTorch keeps it: a run of elements, walked with a stride along each axis.
struct StridedView: Sendable, Hashable {
  let type: ElementType
  let shape: Shape
  /// Distance between neighbours along each axis, in elements.
  let strides: [Int]
  /// Where the first element lies in the file.
  let start: Int

  /// Checks a tensor of a pickle against the bytes of its storage.
  ///
  /// - Parameters:
  ///   - name: its name, for messages.
  ///   - storage: where the storage lies in the file.
  init(_ tensor: PickleTensor, name: String, storage: Range<Int>, file: String) throws {
    func malformed(_ expected: String, _ found: String) -> CheckpointError {
      .malformedEntry(file: file, entry: name, expected: expected, found: found)
    }
    guard case .known(let type) = tensor.type else {
      guard case .unknown(let found) = tensor.type else { preconditionFailure("no other case") }
      throw CheckpointError.unsupportedType(file: file, entry: name, found: found)
    }
    try TensorLimit.check(name: name, shape: tensor.shape, type: type, file: file)
    guard tensor.strides.count == tensor.shape.count else {
      throw malformed("a stride for each axis of \(tensor.shape)", "\(tensor.strides)")
    }
    guard tensor.offset >= 0, tensor.strides.allSatisfy({ $0 >= 0 }) else {
      throw malformed(
        "an offset and strides from 0 on", "the offset \(tensor.offset), strides \(tensor.strides)")
    }
    var last = tensor.offset
    var overflow = false
    for (extent, stride) in zip(tensor.shape, tensor.strides) where extent > 1 {
      let (reach, tooFar) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, tooLong) = last.addingReportingOverflow(reach)
      overflow = overflow || tooFar || tooLong
      last = overflow ? .max : sum
    }
    let available = storage.count / type.size
    let isEmpty = tensor.shape.contains(0)
    guard isEmpty || !overflow && last < available else {
      throw malformed(
        "elements within its storage of \(available)",
        "the shape \(tensor.shape), offset \(tensor.offset), strides \(tensor.strides)")
    }
    self.type = type
    shape = tensor.shape
    strides = tensor.strides
    start = isEmpty ? storage.lowerBound : storage.lowerBound + tensor.offset * type.size
  }

  var elementCount: Int { shape.elementCount }

  /// Whether the elements lie row-major without gaps.
  private var isContiguous: Bool {
    elementCount == 0
      || zip(zip(shape, strides), shape.rowMajorStrides).allSatisfy { $0.0 == 1 || $0.1 == $1 }
  }

  /// Reads the elements, row-major.
  func withElements<Result>(
    in file: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let count = elementCount * type.size
    if isContiguous {
      return try body(UnsafeRawBufferPointer(rebasing: file[start..<start + count]))
    }
    let gathered = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
    defer { gathered.deallocate() }
    switch type.size {
    case 1: gather(UInt8.self, from: file, to: gathered)
    case 2: gather(UInt16.self, from: file, to: gathered)
    case 4: gather(UInt32.self, from: file, to: gathered)
    default: gather(UInt64.self, from: file, to: gathered)
    }
    return try body(UnsafeRawBufferPointer(gathered))
  }

  /// Copies the elements into row-major order, run by run along the last axis.
  private func gather<Element: BitwiseCopyable>(
    _ element: Element.Type, from file: UnsafeRawBufferPointer,
    to destination: UnsafeMutableRawBufferPointer
  ) {
    let size = MemoryLayout<Element>.size
    let (extent, stride) = (shape[shape.count - 1], strides[strides.count - 1])
    var position = [Int](repeating: 0, count: shape.count)
    var (source, written) = (start, 0)
    while written < destination.count {
      for i in 0..<extent {
        destination.storeBytes(
          of: file.loadUnaligned(fromByteOffset: source + i * stride * size, as: element),
          toByteOffset: written, as: element)
        written += size
      }
      for axis in (0..<shape.count - 1).reversed() {
        position[axis] += 1
        source += strides[axis] * size
        if position[axis] < shape[axis] { break }
        source -= shape[axis] * strides[axis] * size
        position[axis] = 0
      }
    }
  }
}
