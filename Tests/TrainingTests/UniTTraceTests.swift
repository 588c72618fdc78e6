import Foundation
import Heads
import Models
import Support
import Tensors
import Testing
import Training

/// Ten joint steps of a small UniT equal PyTorch's, step by step: losses, gradient norm, and where
/// every parameter ends (a golden trace as in llm.c's `test_gpt2.c`).
@Suite struct UniTTraceTests {
  private struct Trace: Decodable {
    struct Step: Decodable {
      let task: String
      let batch: Int
      let total: Float
      let gradientNorm: Float
      let losses: [String: Float]
    }
    let steps: [Step]
    let negligible: [String]
  }

  @Test func tenStepsEqualTheReference() throws {
    let trace = try JSONDecoder().decode(
      Trace.self,
      from: Data(contentsOf: URL(fileURLWithPath: Golden.path("UniT/trace/trace.json"))))
    let reference = try ReferenceCase.trace()
    let batches = try Golden("UniT/trace/batches.safetensors")
    let initial = reference.model.parameters.map(\.value)
    let trained = reference.model.parameters.filter(\.isTrainable)
    let optimizer = AdamW(
      trained,
      rates: trained.map { _ in AdamW.Rates(learningRate: 1e-3, weightDecay: 1e-4) })
    for (index, step) in trace.steps.enumerated() {
      let task = try reference.configuration.task(named: step.task)
      let inputs = ReferenceInputs(batches, prefix: "\(step.batch).")
      let (_, terms, gradients) = try withGradients {
        let terms = try inputs.loss(reference.model, task)
        return (loss: terms.total, extra: terms)
      }
      for term in terms {
        let expected = step.losses[task.head == "detection" ? term.name : "loss_0"]!
        #expect(
          abs(term.value.scalar - expected) <= 1e-4 * max(1, abs(expected)),
          "step \(index) \(term.name)")
      }
      expectClose(
        terms.total.scalar, step.total, absolute: 0, relative: 1e-4, "step \(index) total")
      let norm = globalNorm(of: trained.compactMap { gradients[$0] })
      expectClose(norm, step.gradientNorm, absolute: 0, relative: 1e-3, "step \(index) norm")
      optimizer.step(gradients, gradientScale: clippingScale(norm: norm, maximum: 0.1))
    }
    let final = try Golden("UniT/trace/final.safetensors")
    for (parameter, before) in zip(reference.model.parameters, initial)
    where parameter.isTrainable {
      let expected = final[parameter.name]
      let error = distance(parameter.value, expected)
      let change = distance(before, expected)
      // Float32 PyTorch itself departs by up to 1.3 % of a parameter's change from this trace,
      // which was computed in double.
      let allowed = trace.negligible.contains(parameter.name) ? 1e-2 : 0.05 * change
      #expect(error <= allowed, "\(parameter.name): off by \(error), it moved by \(change)")
    }
  }

  private func distance(_ a: Tensor, _ b: Tensor) -> Float {
    zip(a.elements, b.elements).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
  }
}
