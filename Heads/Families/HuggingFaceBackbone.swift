import Models

/// The convolutional network of transformers' detection models, in any of the spellings of their
/// configurations.
enum HuggingFaceBackbone {
  /// Reads the entries `backbone`, `backbone_config`, `use_timm_backbone` and `dilation`.
  ///
  /// - Throws: `ConfigurationError` for networks that are no residual networks.
  static func configuration(_ json: JSONObject) throws -> ResNetConfiguration {
    if let table = try json.object("backbone_config") {
      let type = try table.string("model_type")
      switch type {
      case "resnet": return try resNet(table)
      case "timm_backbone": return try timm(table, dilates: table.int("output_stride", 32) == 16)
      default:
        throw table.invalid("model_type", expected: "'resnet' or 'timm_backbone'")
      }
    }
    let kwargs = try json.object("backbone_kwargs")
    let stride = try kwargs?.int("output_stride", 32) ?? 32
    return try timm(json, dilates: json.bool("dilation", false) || stride == 16)
  }

  private static func timm(_ json: JSONObject, dilates: Bool) throws -> ResNetConfiguration {
    let name = try json.string("backbone", "resnet50")
    let digits = name.drop { !$0.isNumber }.prefix(while: \.isNumber)
    guard name.hasPrefix("resnet\(digits)"), let layers = Int(digits),
      name.dropFirst("resnet\(digits)".count).first.map({ $0 == "." }) ?? true,
      let network = ResNetConfiguration.standard(layers: layers, dilatesLastStage: dilates)
    else {
      throw json.invalid(
        "backbone",
        expected: "'resnet18', 'resnet34', 'resnet50', 'resnet101' or 'resnet152'")
    }
    return network
  }

  /// A network of transformers' own, whose stages may have any width.
  static func resNet(_ json: JSONObject) throws -> ResNetConfiguration {
    try json.require("hidden_act", "relu")
    for key in ["downsample_in_first_stage", "downsample_in_bottleneck"]
    where try json.bool(key, false) {
      throw json.invalid(key, expected: "false, as in the published models")
    }
    let layer = try json.string("layer_type", "bottleneck")
    guard let block = ResNetConfiguration.Block(rawValue: layer) else {
      throw json.invalid("layer_type", expected: "'basic' or 'bottleneck'")
    }
    let outputs = try json.ints("hidden_sizes", [256, 512, 1024, 2048])
    let depths = try json.ints("depths", [3, 4, 6, 3])
    let expansion = block == .bottleneck ? 4 : 1
    guard !outputs.isEmpty, outputs.allSatisfy({ $0 > 0 && $0 % expansion == 0 }) else {
      throw json.invalid("hidden_sizes", expected: "positive multiples of \(expansion)")
    }
    guard depths.count == outputs.count else {
      throw json.invalid("depths", expected: "\(outputs.count) numbers, as many as hidden_sizes")
    }
    return ResNetConfiguration(
      block: block, norm: .frozen,
      stem: .init(
        width: try json.int("embedding_size", 64, in: 1...4096), kernel: 7, stride: 2, pool: true),
      widths: outputs.map { $0 / expansion }, depths: depths, dilatesLastStage: false)
  }
}
