import Inputs
import Layers
import Models
import Support
import Tensors
import Testing

private let golden = Result { try Golden("Pretrained/bert.safetensors") }

private let dimensions = TextConfiguration(
  vocabulary: 40, width: 32, heads: 4, feedforward: 48, layers: 2, positions: 16, types: 2,
  dropout: 0.1, lowercases: true, taskEmbeddings: 0)

@Suite struct BERTTests {
  @Test func statesOfAPaddedBatchEqualTheReference() throws {
    let golden = try golden.get()
    let source = ParameterSource(tensors: golden.tensors(under: "parameters/"), file: "golden")
    let network = try BERT(dimensions, epsilon: 1e-7, hasPooler: true, in: source.root)
    try source.finish()
    let mask = golden.booleans("mask")
    let tokens = TokenBatch(
      ids: golden.integers("ids"), typeIds: golden.integers("types"), mask: mask, batch: 3,
      length: 9)
    func valid(_ states: Tensor) -> Tensor {
      states * Tensor(mask.map { $0 ? 1 : 0 }, shape: [3, 9, 1])
    }
    forEveryKernelLevel { level in
      let states = network(tokens)
      expectClose(valid(states), valid(golden["last_hidden_state"]), absolute: 1e-5, level)
      expectClose(network.pooled(states)!, golden["pooler_output"], absolute: 1e-5, level)
      let first = network(tokens, rows: 1)
      #expect(first.shape == [3, 1, 32])
      expectClose(network.pooled(first)!, golden["pooler_output"], absolute: 1e-5, level)
      let mean = TextPooling.mean(states, mask: mask)
      let length = (mean * mean).sum(axes: [1], keepingAxes: true).squareRoot()
      expectClose(mean / length, golden["embedding"], absolute: 1e-5, level)
    }
  }

  @Test func aNetworkWithoutPoolerHasNoPooledState() throws {
    let network = try BERT(dimensions, in: ParameterSource(seed: 1).root)
    #expect(network.pooled(.zeros([1, 4, 32])) == nil)
  }

  @Test func poolingCountsValidTokensOnly() {
    let states = Tensor([1, -2, 3, 4, 90, -90, 5, 6, 80, -80, 70, -70], shape: [2, 3, 2])
    let mask = [true, true, false, true, false, false]
    expectClose(TextPooling.mean(states, mask: mask), Tensor([2, 1, 5, 6], shape: [2, 2]))
    expectClose(TextPooling.cls(states, mask: mask), Tensor([1, -2, 5, 6], shape: [2, 2]))
    expectClose(TextPooling.max(states, mask: mask), Tensor([3, 4, 5, 6], shape: [2, 2]))
    let root = Float(2).squareRoot()
    expectClose(
      TextPooling.meanSqrtLength(states, mask: mask),
      Tensor([4 / root, 2 / root, 5, 6], shape: [2, 2]))
  }
}
