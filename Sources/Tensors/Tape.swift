import CKernels

/// The record of one forward pass: every operation's pullback, in the order of execution.
///
/// Operations append to the tape only when one of their inputs lies on it, so inference, where no
/// tape is current, records nothing. Entries refer to each other by position: a long network is
/// freed without recursion.
public final class Tape: @unchecked Sendable {
  /// Computes the gradient with respect to each input from the gradient of the output.
  ///
  /// `needed[i]` says whether input `i` wants a gradient; the others may return nil.
  public typealias Pullback = (_ gradient: Tensor, _ needed: [Bool]) -> [Tensor?]

  /// Where on which tape a tensor was made.
  struct Place: @unchecked Sendable {
    let tape: Tape
    let index: Int
  }

  private struct Entry {
    let shape: Shape
    let inputs: [Int?]
    let pullback: Pullback?
  }

  @TaskLocal static var current: Tape?

  private var entries: [Entry] = []
  private var leaves: [ObjectIdentifier: (parameter: Parameter, index: Int)] = [:]
  private let dropoutKey: RandomKey?
  private var dropoutCount: UInt64 = 0

  init(dropoutKey: RandomKey?) { self.dropoutKey = dropoutKey }

  func leaf(for parameter: Parameter) -> Place {
    let identity = ObjectIdentifier(parameter)
    if let known = leaves[identity] { return Place(tape: self, index: known.index) }
    entries.append(Entry(shape: parameter.value.shape, inputs: [], pullback: nil))
    leaves[identity] = (parameter, entries.count - 1)
    return Place(tape: self, index: entries.count - 1)
  }

  func record(shape: Shape, inputs: [Int?], pullback: @escaping Pullback) -> Place {
    entries.append(Entry(shape: shape, inputs: inputs, pullback: pullback))
    return Place(tape: self, index: entries.count - 1)
  }

  /// The key of the next dropout of this pass, or nil where dropout is off.
  ///
  /// It depends on the key given to `withGradients` and on the position of the dropout in the
  /// forward pass, on nothing else.
  func nextDropoutKey() -> RandomKey? {
    guard let dropoutKey else { return nil }
    dropoutCount += 1
    return dropoutKey.folding(dropoutCount)
  }

  /// Runs the pullbacks from `output` back to the leaves and empties the tape.
  func gradients(of output: Tensor) -> Gradients {
    precondition(output.count == 1, "gradients are taken of a scalar, not of \(output.shape)")
    var pending = [Tensor?](repeating: nil, count: entries.count)
    if let place = output.place, place.tape === self {
      pending[place.index] = Tensor(repeating: 1, shape: output.shape)
    }
    let isLeaf = Set(leaves.values.map(\.index))
    while let entry = entries.popLast() {
      let index = entries.count
      guard let pullback = entry.pullback, let gradient = pending[index] else { continue }
      pending[index] = nil
      let results = pullback(gradient, entry.inputs.map { $0 != nil })
      precondition(
        results.count == entry.inputs.count,
        "a pullback returned \(results.count) gradients for \(entry.inputs.count) inputs")
      for (input, result) in zip(entry.inputs, results) {
        guard let input, let result else { continue }
        let expected = input < entries.count ? entries[input].shape : result.shape
        precondition(
          result.shape == expected,
          "a pullback returned the shape \(result.shape) for an input of \(expected)")
        if pending[input] == nil {
          pending[input] = result
        } else {
          pending[input]!.accumulate(result)
        }
      }
    }
    var byParameter: [ObjectIdentifier: Tensor] = [:]
    for (identity, leaf) in leaves where isLeaf.contains(leaf.index) {
      if let gradient = pending[leaf.index] { byParameter[identity] = gradient }
    }
    clear()
    return Gradients(byParameter: byParameter)
  }

  /// Drops everything recorded; also breaks the cycle tape -> pullback -> tensor -> tape.
  func clear() {
    entries.removeAll()
    leaves.removeAll()
  }
}

/// The gradients of one scalar with respect to the parameters that took part in it.
public struct Gradients: Sendable {
  var byParameter: [ObjectIdentifier: Tensor]

  /// The gradient of a parameter, or nil when it took no part.
  public subscript(_ parameter: Parameter) -> Tensor? {
    get { byParameter[ObjectIdentifier(parameter)] }
    set { byParameter[ObjectIdentifier(parameter)] = newValue }
  }
}

/// Runs `body` with a tape and returns what it returned and the gradients of its scalar.
///
/// - Parameters:
///   - dropoutKey: key of the dropouts of this pass (seed and step); nil turns dropout off.
///   - body: computes the scalar; may return anything along with it.
public func withGradients<Extra>(
  dropoutKey: RandomKey? = nil, _ body: () throws -> (loss: Tensor, extra: Extra)
) rethrows -> (loss: Tensor, extra: Extra, gradients: Gradients) {
  let tape = Tape(dropoutKey: dropoutKey)
  defer { tape.clear() }
  let result = try Tape.$current.withValue(tape) { try body() }
  let gradients = stage(.backward) { tape.gradients(of: result.loss) }
  return (result.loss.detached, result.extra, gradients)
}

/// Runs `body` with a tape and returns its scalar and the scalar's gradients.
public func withGradients(
  dropoutKey: RandomKey? = nil, _ body: () throws -> Tensor
) rethrows -> (loss: Tensor, gradients: Gradients) {
  let result = try withGradients(dropoutKey: dropoutKey) { (loss: try body(), extra: ()) }
  return (result.loss, result.gradients)
}

extension Tensor {
  /// Puts the result of an operation on the tape when one of its inputs is there.
  ///
  /// Every operation ends with this call; forward and pullback stand in one file. The pullback
  /// must capture detached values only.
  ///
  /// - Parameters:
  ///   - inputs: the operation's differentiable inputs.
  ///   - pullback: gradient of the output to gradients of the inputs, in the order of `inputs`.
  public func recorded(
    from inputs: [Tensor], pullback: @escaping Tape.Pullback
  ) -> Tensor {
    guard let tape = inputs.lazy.compactMap({ $0.place?.tape }).first else { return self }
    let place = tape.record(
      shape: shape, inputs: inputs.map { $0.place?.index }, pullback: pullback)
    return Tensor(shape: shape, storage: storage, place: place)
  }

  /// Whether gradients flow through this tensor.
  public var isRecorded: Bool { place != nil }

  mutating func accumulate(_ other: Tensor) {
    let count = count
    other.withPointer { source in
      withMutablePointer { target in
        forEachPiece(count) { start, count in
          kernel_accumulate(count, source + start, target + start)
        }
      }
    }
  }
}
