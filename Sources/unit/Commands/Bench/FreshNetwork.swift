import ArgumentParser
import Heads
import Inputs
import Layers
import Models
import Tensors

/// A published network with random weights: its speed can be measured without its weights.
enum FreshNetwork: String, ExpressibleByArgument, CaseIterable {
  /// DETR with a ResNet-50.
  case detr
  /// BERT-base.
  case bert
  /// ViLT-B/32 for questions.
  case vilt
  /// The released UniT with its eight tasks.
  case unit

  /// Builds the network with random weights and the given arithmetic.
  func model(seed: UInt64, precision: Precision) throws -> any AnsweringModel {
    let source = ParameterSource(seed: seed, precision: precision)
    switch self {
    case .detr: return try Self.detector(source)
    case .unit:
      return try MultitaskModel(
        .official(tasks: TaskSpec.official), wordPiece: Self.wordPiece(), source: source)
    case .bert:
      return try BERTModel(
        BERTConfiguration(text: Self.bertBase, epsilon: 1e-12, hasPooler: true),
        wordPiece: Self.wordPiece(), source: source)
    case .vilt:
      return try ViLTModel(
        .official(answers: (0..<3129).map { "answer \($0)" }), wordPiece: Self.wordPiece(),
        source: source)
    }
  }

  /// DETR with a ResNet-50.
  static func detector(_ source: ParameterSource) throws -> MultitaskModel {
    guard let backbone = ResNetConfiguration.standard(layers: 50) else {
      preconditionFailure("there is a residual network of 50 layers")
    }
    return try MultitaskModel(
      .detr(backbone: backbone, labels: CocoLabels.names), wordPiece: nil, source: source)
  }

  /// The dimensions of BERT-base (Devlin et al., 2019).
  static let bertBase = TextConfiguration(
    vocabulary: words, width: 768, heads: 12, feedforward: 3072, layers: 12, positions: 512,
    types: 2, dropout: 0.1, lowercases: true, taskEmbeddings: 0)

  private static let words = 30_522

  /// As many words as BERT has, which a question is split into just as it is by BERT's own.
  private static func wordPiece() throws -> WordPiece {
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    let known = ["what", "is", "to", "be", "seen", "in", "part", "of", "this", "picture", "?"]
    let digits = (0...9).flatMap { ["\($0)", "##\($0)"] }
    let tokens = special + known + digits
    return WordPiece(
      vocabulary: try Vocabulary(
        tokens: tokens + (tokens.count..<words).map { "word\($0)" }, name: "made-up words"))
  }
}
