import Inputs
import Models
import Support
import Tensors
import Testing

/// ViLT against transformers' `ViltForQuestionAnswering` with the same random weights.
@Suite struct ViLTReferenceTests {
  private func run(_ inputs: ViLTInputs, on network: ViLT, allStates: Bool = true) -> ViLT.Output {
    network(network.embed(inputs.images), inputs.texts, allStates: allStates)
  }

  @Test(arguments: ["square", "wide", "high"])
  func onePictureEqualsTheReference(_ name: String) throws {
    let golden = try Golden("ViLT/outputs.safetensors")
    let network = try TinyViLT.network()
    let inputs = ViLTInputs(golden, name)
    forEveryKernelLevel { level in
      let output = run(inputs, on: network)
      for (key, found) in [
        ("last_hidden_state", output.states), ("pooler_output", output.pooled),
        ("logits", output.logits),
      ] {
        expectClose(
          found, golden["\(name).\(key)"], absolute: 5e-6, relative: 5e-6,
          "\(name), \(key), \(level)")
      }
    }
  }

  @Test func aPaddedBatchEqualsTheReference() throws {
    let golden = try Golden("ViLT/outputs.safetensors")
    let output = run(ViLTInputs(golden, "padded"), on: try TinyViLT.network())
    for (key, found) in [("pooler_output", output.pooled), ("logits", output.logits)] {
      expectClose(found, golden["padded.\(key)"], absolute: 5e-6, relative: 5e-6, key)
    }
  }

  @Test func paddingChangesNothing() throws {
    let golden = try Golden("ViLT/outputs.safetensors")
    let network = try TinyViLT.network()
    let batch = ViLTInputs(golden, "padded")
    let together = run(batch, on: network).logits
    for item in 0..<3 {
      let alone = run(batch.alone(item), on: network).logits
      expectClose(
        together.sliced(axis: 0, range: item..<item + 1), alone, absolute: 5e-6, relative: 5e-6,
        "pair \(item)")
    }
  }

  @Test func theFirstStateAloneGivesTheSameAnswers() throws {
    let golden = try Golden("ViLT/outputs.safetensors")
    let network = try TinyViLT.network()
    let inputs = ViLTInputs(golden, "padded")
    let all = run(inputs, on: network)
    let short = run(inputs, on: network, allStates: false)
    #expect(short.states.shape == [3, 1, 32])
    expectClose(short.logits, all.logits, absolute: 2e-6)
    expectClose(short.states, all.states.sliced(axis: 1, range: 0..<1), absolute: 2e-6)
  }

  @Test func anEmptyMaskGivesFiniteAnswers() throws {
    let golden = try Golden("ViLT/outputs.safetensors")
    let network = try TinyViLT.network()
    let inputs = ViLTInputs(golden, "square")
    let blind = ImageBatch(
      pixels: inputs.images.pixels, mask: inputs.images.mask.map { _ in false })
    let output = network(network.embed(blind), inputs.texts)
    let isFinite = output.logits.elements.allSatisfy(\.isFinite)
    #expect(isFinite)
  }
}
