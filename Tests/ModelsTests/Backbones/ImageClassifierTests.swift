import Layers
import Models
import Support
import Tensors
import Testing

private let labels = (0..<7).map { "class \($0)" }

private func classifier(
  _ backbone: BackboneConfiguration, _ source: ParameterSource
) throws -> ImageClassifier {
  let classifier = try ImageClassifier(
    ImageClassifierConfiguration(
      backbone: backbone, labels: labels, preprocessing: .efficientNetLite(side: 64)),
    in: source.root)
  try source.finish(ignoring: ImageClassifier.isUnused)
  return classifier
}

@Suite struct ImageClassifierTests {
  @Test func anEfficientNetLiteEqualsTheReference() throws {
    let golden = try ClassifierGolden("lite")
    let tensors = golden.parameters
    let network = try classifier(
      golden.backbone, ParameterSource(tensors: tensors, file: "golden"))
    let trunk = try EfficientNetLite(
      ClassifierGolden.lite, in: ParameterSource(tensors: tensors, file: "golden").root)
    forEveryKernelLevel { level in
      let output = network(golden["pixels"])
      expectClose(output.features.channelsFirst, golden["features"], absolute: 1e-5, level)
      expectClose(output.pooled, golden["pooled"], absolute: 1e-5, level)
      expectClose(output.logits, golden["logits"], absolute: 1e-5, level)
      let maps = trunk.maps(golden["pixels"])
      expectClose(maps.coarse.channelsFirst, golden["features"], absolute: 1e-5, level)
      expectClose(maps.fine.channelsFirst, golden["fine"], absolute: 1e-5, level)
    }
    #expect(trunk.channels == 24 && trunk.fineChannels == 8)
  }

  @Test(arguments: ["basic", "bottleneck"])
  func aResNetEqualsTheReferenceAndIsToldByItsShapes(_ kind: String) throws {
    let golden = try ClassifierGolden(kind)
    let backbone = try #require(golden.backbone.resNet)
    #expect(backbone.block.rawValue == kind)
    #expect(backbone.depths == [1, 2, 1, 1])
    let network = try classifier(
      .resNet(backbone), ParameterSource(tensors: golden.parameters, file: "golden"))
    forEveryKernelLevel { level in
      let output = network(golden["pixels"])
      expectClose(output.features.channelsFirst, golden["features"], absolute: 1e-5, level)
      expectClose(output.logits, golden["logits"], absolute: 1e-5, level)
    }
  }

  @Test func publishedNetworksAreToldByTheirShapes() throws {
    for layers in [18, 34, 50, 101, 152] {
      let standard = try #require(ResNetConfiguration.standard(layers: layers))
      var shapes = ["conv1.weight": [64, 3, 7, 7]]
      for (stage, (width, depth)) in zip(standard.widths, standard.depths).enumerated() {
        for block in 0..<depth {
          let place = "layer\(stage + 1).\(block)"
          shapes["\(place).conv1.weight"] = [width, 1, 1, 1]
          if layers >= 50 { shapes["\(place).conv3.weight"] = [4 * width, 1, 1, 1] }
        }
      }
      #expect(ResNetConfiguration.inferred(from: shapes) == standard)
    }
    #expect(ResNetConfiguration.inferred(from: ["conv1.weight": [64, 3, 7, 7]]) == nil)
  }

  @Test func gradientsReachTheFirstConvolution() throws {
    let small = EfficientNetLiteConfiguration(
      stem: 3,
      stages: [
        .init(blocks: 1, kernel: 3, stride: 1, expansion: 1, width: 3),
        .init(blocks: 2, kernel: 3, stride: 2, expansion: 2, width: 4),
      ], head: 5, norm: .affine)
    let source = ParameterSource(seed: 3)
    let network = try EfficientNetLite(small, in: source.root)
    let pixels = Tensor.normal([1, 3, 9, 7], standardDeviation: 1, key: RandomKey(seed: 1))
    let (_, gradients) = withGradients { (network(pixels) * network(pixels)).sum() }
    for parameter in source.parameters {
      let gradient = try #require(gradients[parameter], "\(parameter.name)")
      #expect(gradient.elements.contains { $0 != 0 }, "\(parameter.name)")
    }
    checkGradient(of: [pixels], tolerance: 3e-3, step: 0x1p-9) { network($0[0]) }
  }

  @Test func frozenStatisticsAreNotTrained() throws {
    let source = ParameterSource(seed: 3)
    _ = try EfficientNetLite(ClassifierGolden.lite, in: source.root)
    for parameter in source.parameters {
      #expect(parameter.isTrainable == parameter.name.contains("_conv"), "\(parameter.name)")
    }
  }
}
