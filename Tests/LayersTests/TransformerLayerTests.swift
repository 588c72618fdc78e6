import Layers
import Support
import Tensors
import Testing

/// The Transformer layers equal torch's, normalising before and after each part.
@Suite struct TransformerLayerTests {
  private func check(
    _ kind: String, _ order: String,
    _ run: (Scope, TransformerShape, _ inputs: [String: Tensor], _ padding: [Bool]) throws -> Tensor
  ) throws {
    let golden = try Golden("Layers/transformer.safetensors")
    let place = "\(kind).\(order)."
    var tensors: [String: Tensor] = [:]
    for name in golden.names(under: place)
    where !name.hasPrefix("gradient.")
      && !["x", "memory", "padding", "weights", "output"].contains(name)
    {
      tensors[name] = golden[place + name]
    }
    let source = ParameterSource(tensors: tensors, file: "transformer.safetensors")
    let shape = TransformerShape(
      width: 16, heads: 4, feedforward: 24, dropout: 0, normalizesBefore: order == "pre")
    let names = kind == "encoder" ? ["x"] : ["x", "memory"]
    let inputs = names.map { Parameter($0, golden[place + $0]) }
    let padding = golden.booleans(place + "padding")
    var output: Tensor?
    let (_, gradients) = try withGradients {
      let values = Dictionary(uniqueKeysWithValues: inputs.map { ($0.name, $0.tensor) })
      let result = try run(source.root, shape, values, padding)
      output = result.detached
      return (result * golden[place + "weights"]).sum()
    }
    try source.finish()
    let flags = kind == "encoder" ? padding : [Bool](repeating: true, count: 10)
    let rows = flags.indices.filter { flags[$0] }
    expectClose(
      output!.reshaped([10, 16]).gathered(rows: rows),
      golden[place + "output"].reshaped([10, 16]).gathered(rows: rows), absolute: 1e-5)
    for parameter in source.parameters + inputs {
      let expected = golden[place + "gradient." + parameter.name]
      let largest = expected.elements.map { abs($0) }.max() ?? 0
      expectClose(
        try #require(gradients[parameter]), expected, absolute: 1e-4 * largest + 2e-6,
        parameter.name)
    }
  }

  @Test(arguments: ["post", "pre"])
  func theEncoderLayerEqualsTorch(_ order: String) throws {
    try check("encoder", order) { scope, shape, inputs, padding in
      try TransformerEncoderLayer(shape, in: scope)(
        inputs["x"]!, positions: .zeros([2, 5, 16]), padding: padding)
    }
  }

  @Test(arguments: ["post", "pre"])
  func theDecoderLayerEqualsTorch(_ order: String) throws {
    try check("decoder", order) { scope, shape, inputs, padding in
      try TransformerDecoderLayer(shape, in: scope)(
        inputs["x"]!, queryPositions: .zeros([1, 5, 16]), memory: inputs["memory"]!,
        placedMemory: inputs["memory"]!, padding: padding)
    }
  }
}
