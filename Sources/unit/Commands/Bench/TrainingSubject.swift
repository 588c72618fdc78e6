import ArgumentParser
import Heads
import Inputs
import Layers
import Models
import Tensors
import Training

/// A published network with fresh weights and made-up targets: what a training step is measured on.
enum TrainingSubject: String, ExpressibleByArgument, CaseIterable {
  /// DETR with a ResNet-50 whose stem and first stage are frozen, as its authors train it.
  case detr
  /// BERT-base with a linear classifier on the pooled first token.
  case bert

  /// A network and its loss on made-up targets.
  private struct Model {
    let name: String
    let parameters: [Parameter]
    let loss: () throws -> Tensor
  }

  /// A step of training: forward, backward, clipping and AdamW.
  ///
  /// - Parameter inputs: 480 x 640 pixels of one picture, or 64 tokens of 8 texts, where left out.
  /// - Throws: `Failure` with the code 64 for more tokens than there are positions.
  func step(_ inputs: BenchInputs, seed: UInt64) throws -> BenchSubject {
    let model =
      switch self {
      case .detr:
        try Self.detector(inputs, inputs.size ?? .ordinary, batch: inputs.batch ?? 1, seed: seed)
      case .bert:
        try Self.classifier(inputs, batch: inputs.batch ?? 8, seed: seed)
      }
    let rates = AdamW.Rates(learningRate: 1e-4, weightDecay: 1e-4)
    let optimizer = AdamW(
      model.parameters, rates: [AdamW.Rates](repeating: rates, count: model.parameters.count))
    let key = RandomKey(seed: seed).folding("dropout")
    var step: UInt64 = 0
    return BenchSubject(name: "training step of \(model.name)") {
      step += 1
      let (_, gradients) = try withGradients(dropoutKey: key.folding(step), model.loss)
      stage(.optimizer) {
        let present = model.parameters.compactMap { gradients[$0] }
        let scale = clippingScale(norm: globalNorm(of: present), maximum: 0.1)
        optimizer.step(gradients, gradientScale: scale)
      }
    }
  }

  private static func detector(
    _ inputs: BenchInputs, _ size: InputSize, batch: Int, seed: UInt64
  ) throws -> Model {
    let objects = (0..<7).map { index in
      let place = 0.2 + 0.1 * Float(index)
      return ObjectTargets.Box(centerX: place, centerY: 1 - place, width: 0.2, height: 0.3)
    }
    let model = try FreshNetwork.detector(ParameterSource(seed: seed))
    for parameter in model.parameters
    where [".conv1.weight", ".layer1."].contains(where: { parameter.name.contains("body" + $0) }) {
      parameter.isTrainable = false
    }
    let images = size.pictures(batch, seed: seed)
    let targets = ObjectTargets(labels: (0..<7).map { 13 * $0 }, boxes: objects)
    let task = model.configuration.tasks[0]
    return Model(
      name: "DETR-ResNet-50, \(inputs.described(size))",
      parameters: model.parameters,
      loss: {
        try model.loss(
          images: images, texts: nil,
          targets: .objects([ObjectTargets](repeating: targets, count: batch)), task: task
        ).total
      })
  }

  private static func classifier(_ inputs: BenchInputs, batch: Int, seed: UInt64) throws -> Model {
    let tokens = inputs.tokens ?? 64
    try inputs.check(tokens, positions: FreshNetwork.bertBase.positions)
    let source = ParameterSource(seed: seed)
    let network = try BERT(FreshNetwork.bertBase, hasPooler: true, in: source.root["bert"])
    let classifier = try Linear(FreshNetwork.bertBase.width, 2, in: source.root["classifier"])
    let count = batch * tokens
    let texts = TokenBatch(
      ids: (0..<count).map { 1000 + $0 * 7919 % 20_000 },
      typeIds: [Int](repeating: 0, count: count),
      mask: [Bool](repeating: true, count: count), batch: batch, length: tokens)
    return Model(
      name: "BERT-base, \(batch) x \(tokens) tokens",
      parameters: source.parameters,
      loss: {
        guard let pooled = network.pooled(network(texts, rows: 1)) else {
          preconditionFailure("the network has a pooler")
        }
        let dropped = pooled.dropout(FreshNetwork.bertBase.dropout)
        return crossEntropy(classifier(dropped), targets: (0..<batch).map { $0 % 2 })
      })
  }
}
