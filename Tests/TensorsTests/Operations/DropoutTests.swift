import Support
import Tensors
import Testing

@Suite struct DropoutTests {
  private let x = Parameter("x", Tensor.ones([200, 300]))

  @Test func itIsOffWithoutAKey() {
    #expect(x.value.dropout(0.5).elements == x.value.elements)
    let (_, output, _) = withGradients {
      let output = x.tensor.dropout(0.5)
      return (output.sum(), output.detached)
    }
    #expect(output.elements == x.value.elements)
  }

  @Test func itDropsAndScalesAndItsGradientIsTheSameMask() {
    forEveryKernelLevel { _ in
      let key = RandomKey(seed: 41)
      let (_, outputs, gradients) = withGradients(dropoutKey: key) {
        let outputs = [x.tensor.dropout(0.25), x.tensor.dropout(0.25), x.tensor.dropout(0)]
        return (outputs[0].sum(), outputs.map(\.detached))
      }
      let first = outputs[0].elements
      let expected = (0..<60_000).map {
        key.folding(1).uniform(at: UInt64($0)) < 0.25 ? 0 : 1 / (1 - Float(0.25))
      }
      #expect(first == expected)
      #expect(gradients[x]!.elements == first)
      #expect(outputs[1].elements != first)
      #expect(outputs[2].elements == x.value.elements)
      let kept = first.filter { $0 != 0 }.count
      #expect(abs(Double(kept) / 60_000 - 0.75) < 0.01)
    }
  }
}
