import Tensors
import Testing

/// Compares the gradients of `body` on the tape with finite differences.
///
/// An output of more than one element is projected onto a scalar with seeded random weights. The
/// difference quotient is the central one of fourth order, (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h,
/// with sums in double; keep the inputs of functions with a kink further than 2h away from it.
///
/// - Parameters:
///   - inputs: the tensors with respect to which the gradient is checked.
///   - tolerance: allowed difference, relative for gradients beyond 1.
///   - step: h.
///   - samples: how many elements of each input are tried; which, is drawn from a fixed seed.
///   - body: the function; it must be deterministic.
public func checkGradient(
  of inputs: [Tensor], tolerance: Float = 1e-3, step: Float = 0x1p-6, samples: Int = 48,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: ([Tensor]) -> Tensor
) {
  // Another instruction set between two values would be taken for a slope.
  atOneKernelLevel {
    let key = RandomKey(seed: 20_211_017)
    let weights = Tensor.uniform(body(inputs).shape, in: 0.5..<1.5, key: key.folding("weights"))
    let parameters = inputs.enumerated().map { Parameter("input \($0)", $1) }
    let (_, gradients) = withGradients { (body(parameters.map(\.tensor)) * weights).sum() }

    for (number, input) in inputs.enumerated() {
      let gradient = gradients[parameters[number]] ?? Tensor.zeros(input.shape)
      guard gradient.shape == input.shape else {
        Issue.record(
          "the gradient of input \(number) has the shape \(gradient.shape), not \(input.shape)",
          sourceLocation: sourceLocation)
        continue
      }
      let found = gradient.elements
      for index in key.folding(UInt64(number)).permutation(input.count).prefix(samples) {
        func value(_ steps: Float) -> Double {
          var moved = inputs
          moved[number].withMutablePointer { $0[index] += steps * step }
          return zip(body(moved).elements, weights.elements)
            .reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        let quotient =
          (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * Double(step))
        let difference = abs(Float(quotient) - found[index])
        if difference <= tolerance * max(1, abs(Float(quotient))) { continue }
        Issue.record(
          """
          gradient of input \(number) \(input.shape) at element \(index): \(found[index]), \
          by differences \(quotient)
          """, sourceLocation: sourceLocation)
      }
    }
  }
}
