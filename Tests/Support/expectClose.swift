import Tensors
import Testing

/// Expects every element of two tensors to agree: |found - expected| <= absolute + relative * |expected|.
///
/// Equal infinities agree, and NaN agrees with NaN. On failure it names the worst element.
///
/// - Parameters:
///   - found: what the code under test computed.
///   - expected: what it should have computed, of the same shape.
///   - absolute: allowed absolute difference.
///   - relative: allowed difference as a part of the expected value.
public func expectClose(
  _ found: Tensor, _ expected: Tensor, absolute: Float = 1e-6, relative: Float = 2e-6,
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.shape == expected.shape else {
    Issue.record(
      "\(comment) the shape is \(found.shape), expected \(expected.shape)",
      sourceLocation: sourceLocation)
    return
  }
  let values = zip(found.elements, expected.elements)
  var worst: (index: Int, excess: Float, found: Float, expected: Float)?
  var failures = 0
  for (index, (a, b)) in values.enumerated() where !(a == b || (a.isNaN && b.isNaN)) {
    let difference = abs(a - b)
    let excess = difference - (absolute + relative * abs(b))
    if excess <= 0 { continue }
    failures += 1
    if worst == nil || !(excess <= worst!.excess) { worst = (index, excess, a, b) }
  }
  guard let worst else { return }
  Issue.record(
    """
    \(comment) \(failures) of \(found.count) elements of \(found.shape) differ; the worst is number \
    \(worst.index): \(worst.found), expected \(worst.expected), \
    difference \(abs(worst.found - worst.expected))
    """, sourceLocation: sourceLocation)
}

/// Expects two numbers to agree: |found - expected| <= absolute + relative * |expected|.
public func expectClose(
  _ found: Float, _ expected: Float, absolute: Float = 1e-6, relative: Float = 2e-6,
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    Tensor(found), Tensor(expected), absolute: absolute, relative: relative, comment,
    sourceLocation: sourceLocation)
}
