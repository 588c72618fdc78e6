import Foundation
import Layers
import Models
import Tensors
import Testing

@Suite struct BackboneConfigurationTests {
  private func decode(_ json: String) throws -> BackboneConfiguration {
    try decodeStrictly(BackboneConfiguration.self, from: Data(json.utf8), file: "config.json")
  }

  private let resNet = """
    {"block": "basic", "norm": "frozen", "stem": {"width": 8, "kernel": 3, "stride": 2, \
    "pool": false}, "widths": [8], "depths": [1], "dilates_last_stage": false}
    """

  @Test func aNetworkIsNamedOrDescribed() throws {
    #expect(try decode(resNet).resNet?.widths == [8])
    let named = try decode(#"{"kind": "efficientnet_lite0"}"#)
    #expect(named == .efficientNetLite(.lite(0)!))
    #expect(named.norm == .frozen && named.resNet == nil)
    let trained = try decode(#"{"kind": "efficientnet_lite4", "norm": "affine"}"#)
    #expect(trained == .efficientNetLite(.lite(4, norm: .affine)!))
    let own = try decode(
      """
      {"kind": "efficientnet_lite", "stem": 8, "head": 16, "stages": [{"blocks": 1, "kernel": 3, \
      "stride": 2, "expansion": 2, "width": 8}]}
      """)
    for configuration in [named, trained, own, try decode(resNet)] {
      let text = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
      #expect(try decode(text) == configuration)
    }
  }

  @Test(arguments: [
    (#"{"kind": "efficientnet_lite9"}"#, "efficientnet_lite9"),
    (#"{"kind": "efficientnet_lite0", "stem": 8}"#, "'stem'"),
    (#"{"kind": "efficientnet_lite", "stem": 8, "head": 8}"#, "'stages'"),
    (#"{"kind": 3}"#, "a text"), (#"{"kind": "efficientnet_lite0", "norm": "none"}"#, "none"),
    (#"{}"#, "'block'"),
  ])
  func wrongDescriptionsAreRefused(_ json: String, _ word: String) {
    let error = #expect(throws: ConfigurationError.self) { try decode(json) }
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    (0, 2, 3, "stages[0].kernel"), (0, 3, 0, "stages[0].stride"), (0, 3, 99, "stages[0].stride"),
  ])
  func impossibleStagesAreRefused(index: Int, kernel: Int, stride: Int, word: String) {
    let backbone = BackboneConfiguration.efficientNetLite(
      EfficientNetLiteConfiguration(
        stem: 8,
        stages: [.init(blocks: 1, kernel: kernel, stride: stride, expansion: 1, width: 8)],
        head: 8))
    let error = #expect(throws: ConfigurationError.self) {
      try ConfigurationChecker(file: "config.json").check(backbone, at: "image.backbone")
    }
    #expect(error?.description.contains("image.backbone.\(word)") == true)
  }

  /// Numbers of parameters of the published networks with a thousand classes.
  @Test(arguments: zip(0...4, [4_652_008, 5_416_680, 6_092_072, 8_197_096, 13_006_568]))
  func publishedNetworksHaveTheirNumberOfParameters(variant: Int, count: Int) throws {
    let source = ParameterSource(seed: 1)
    let lite = try #require(EfficientNetLiteConfiguration.lite(variant, norm: .affine))
    _ = try ImageClassifier(
      ImageClassifierConfiguration(
        backbone: .efficientNetLite(lite), labels: ImageNetClasses.names,
        preprocessing: .efficientNetLite(side: EfficientNetLiteConfiguration.side(variant))),
      in: source.root)
    #expect(source.parameters.reduce(0) { $0 + $1.value.count } == count)
    #expect(EfficientNetLiteConfiguration.lite(5) == nil)
  }

  @Test func imageNetHasAThousandClasses() {
    #expect(ImageNetClasses.names.count == 1000)
    #expect(Set(ImageNetClasses.names).count == 1000)
    #expect(ImageNetClasses.names[0] == "tench")
    #expect(ImageNetClasses.names[285] == "Egyptian cat")
    #expect(ImageNetClasses.names[999] == "toilet tissue")
  }
}
