import Support
import Tensors
import Testing

/// The focal loss equals its formula in double precision, and stays finite at any logit.
struct FocalLossTests {
  private let golden: Golden

  init() throws { golden = try Golden("Detection/focal.safetensors") }

  @Test func lossAndGradientEqualTheFormula() {
    let logits = Parameter("logits", golden["logits"])
    let (loss, gradients) = withGradients {
      focalLoss(
        logits: logits.tensor, ones: golden.integers("ones"), alpha: 0.25, gamma: 2)
    }
    expectClose(loss.reshaped([1]), golden["loss"], absolute: 1e-5, relative: 1e-6)
    expectClose(gradients[logits]!, golden["gradient"], absolute: 1e-5, relative: 1e-5)
  }

  @Test func theGradientIsTheSlope() {
    let logits = Tensor.normal([3, 4], standardDeviation: 2, key: RandomKey(seed: 6))
    for gamma: Float in [0, 1.5, 2] {
      checkGradient(of: [logits]) { inputs in
        focalLoss(logits: inputs[0], ones: [2, 7], alpha: 0.3, gamma: gamma)
      }
    }
  }

  @Test func extremeLogitsStayFinite() {
    let logits = Parameter("logits", Tensor([1000, -1000, 88, -88, 0, 1e30]))
    let (loss, gradients) = withGradients {
      focalLoss(logits: logits.tensor, ones: [0, 1], alpha: 0.25, gamma: 2)
    }
    #expect(loss.scalar.isFinite)
    #expect(gradients[logits]!.elements.allSatisfy { $0.isFinite })
  }

  @Test func nothingLosesNothing() {
    let logits = Tensor.zeros([0, 5])
    #expect(focalLoss(logits: logits, ones: [], alpha: 0.25, gamma: 2).scalar == 0)
  }
}
