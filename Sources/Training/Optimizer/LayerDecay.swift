/// Lower learning rates for the early layers of a stack, as fine-tuning wants them (layer-wise
/// learning-rate decay; Clark et al., ELECTRA, 2020).
///
/// A parameter belongs to layer `n` of a stack where its name holds `.layers.n.` or `.layer.n.` and
/// a part of the layer behind it, as `encoder.layers.2.linear1.weight` does; what stands before the
/// number names the stack. (`bbox_embeds.boxes.layers.0.weight` is a head's, no stack's.) In a stack of `L` layers, layer `n` (from 0)
/// learns at `decay^(L - n)` times the rate that it would have: the last layer at `decay`, the
/// first at `decay^L`. Everything outside of stacks (embeddings, heads, convolutions) keeps its
/// rate; groups give those others.
struct LayerDecay {
  private let decay: Double
  /// Layers of each stack.
  private let depths: [String: Int]

  /// The factors of a model with parameters of these names.
  ///
  /// - Throws: `TrainingError.noLayers` where no name holds a numbered layer: the decay would
  ///   silently change nothing.
  init(_ decay: Double, names: [String]) throws {
    self.decay = decay
    var depths: [String: Int] = [:]
    for place in names.compactMap(LayerDecay.place) {
      depths[place.stack] = max(depths[place.stack] ?? 0, place.layer + 1)
    }
    guard !depths.isEmpty else { throw TrainingError.noLayers(example: names.first ?? "none") }
    self.depths = depths
  }

  /// The factor on a parameter's learning rate.
  func factor(of name: String) -> Double {
    guard let place = LayerDecay.place(name), let depth = depths[place.stack] else { return 1 }
    return (place.layer..<depth).reduce(1) { factor, _ in factor * decay }
  }

  /// Stack and number of a parameter's layer; the last number counts where a name has several.
  private static func place(_ name: String) -> (stack: String, layer: Int)? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 4 else { return nil }
    for index in (1..<parts.count - 2).reversed()
    where parts[index - 1] == "layers" || parts[index - 1] == "layer" {
      guard let layer = Int(parts[index]), layer >= 0 else { continue }
      return (parts[..<index].joined(separator: "."), layer)
    }
    return nil
  }
}
