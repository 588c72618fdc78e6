import CKernels
import Tensors

/// An exponential moving average of the parameters (EMA), which evaluates better than the weights
/// of the last step.
public final class WeightAverage {
  /// Share of the old average that an update keeps.
  public let decay: Double
  /// Whether early updates keep less: `min(decay, (1 + n) / (10 + n))` for update `n` from 0.
  public let warmsUp: Bool
  /// Number of updates so far.
  public private(set) var updates = 0
  /// The parameters whose average is taken.
  public let parameters: [Parameter]
  /// The averages, in the order of `parameters`.
  public private(set) var averages: [Tensor]

  /// An average that begins at the present values of the trainable parameters.
  public init(of parameters: [Parameter], decay: Double, warmsUp: Bool = true) {
    precondition((0..<1).contains(decay), "a decay of \(decay) lies outside 0..<1")
    self.parameters = parameters.filter(\.isTrainable)
    self.decay = decay
    self.warmsUp = warmsUp
    averages = self.parameters.map { $0.value.detached }
  }

  /// Takes the present values into the average.
  public func update() {
    let count = Double(updates)
    let kept = warmsUp ? min(decay, (1 + count) / (10 + count)) : decay
    updates += 1
    let weight = Float(1 - kept)
    struct Target: @unchecked Sendable { let address: UnsafeMutablePointer<Float> }
    let targets = averages.indices.map { index in
      averages[index].withMutablePointer { Target(address: $0) }
    }
    ParameterPieces(counts: averages.map(\.count)).forEach { _, piece in
      parameters[piece.tensor].value.withPointer { value in
        let start = piece.range.lowerBound
        kernel_blend(
          piece.range.count, weight, value + start, targets[piece.tensor].address + start)
      }
    }
  }

  /// Runs `body` while the parameters have their averaged values, then puts the others back.
  public func withAverages<Result>(_ body: () throws -> Result) rethrows -> Result {
    let present = parameters.map(\.value)
    for (parameter, average) in zip(parameters, averages) { parameter.value = average }
    defer { for (parameter, value) in zip(parameters, present) { parameter.value = value } }
    return try body()
  }

  /// Puts back what a checkpoint kept.
  public func restore(_ averages: [Tensor], updates: Int) {
    precondition(
      averages.map(\.shape) == parameters.map(\.value.shape),
      "the averages do not have the shapes of the parameters")
    self.averages = averages
    self.updates = updates
  }
}
