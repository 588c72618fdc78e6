import Inputs

extension UniTConfiguration {
  /// The published UniT: ResNet-50 DC5, 6 + 6 layers, BERT-base, decoder of width 768.
  ///
  /// - Parameters:
  ///   - tasks: the table of tasks.
  ///   - sharesDecoder: one decoder for all tasks, or one each.
  ///   - taskEmbeddings: whether the encoders are told the task.
  public static func official(
    tasks: [TaskSpec], sharesDecoder: Bool = true, taskEmbeddings: Bool = true
  ) -> Self {
    let rows = taskEmbeddings ? 256 : 0
    return Self(
      image: ImageConfiguration(
        backbone: .resNet(.standard(layers: 50, dilatesLastStage: true)!), width: 256, heads: 8,
        feedforward: 2048, layers: 6, dropout: 0.1, addsProjection: true, taskEmbeddings: rows),
      text: TextConfiguration(
        vocabulary: 30_522, width: 768, heads: 12, feedforward: 3072, layers: 12, positions: 512,
        types: 2, dropout: 0.1, lowercases: true, taskEmbeddings: rows),
      decoder: DecoderConfiguration(
        width: 768, heads: 8, feedforward: 2048, layers: 6, dropout: 0.1, isShared: sharesDecoder),
      tasks: tasks, preprocessing: .detr)
  }

  /// DETR (Carion et al., 2020): a UniT without text, task tokens and the sum of the projected
  /// features with the encoder's states, whose only task is called `detection`.
  ///
  /// - Parameters:
  ///   - backbone: the convolutional network, `.standard(layers: 50)` in the original.
  ///   - labels: the classes by row, "" for one without meaning; 91 in the original.
  ///   - queries: the most objects that can be found in one picture.
  ///   - width: width of the encoder's and the decoder's states.
  public static func detr(
    backbone: ResNetConfiguration, labels: [String], queries: Int = 100, width: Int = 256,
    preprocessing: Preprocessing = .detr
  ) -> Self {
    Self(
      image: ImageConfiguration(
        backbone: .resNet(backbone), width: width, heads: 8, feedforward: 2048, layers: 6,
        dropout: 0.1, addsProjection: false, taskEmbeddings: 0),
      text: nil,
      decoder: DecoderConfiguration(
        width: width, heads: 8, feedforward: 2048, layers: 6, dropout: 0.1, isShared: true),
      tasks: [.detection(queries: queries, labels: labels)],
      preprocessing: preprocessing)
  }

  /// A model of a few hundred thousand parameters for tests: every part is there, and small.
  public static func tiny(tasks: [TaskSpec], vocabulary: Int, sharesDecoder: Bool = true) -> Self {
    Self(
      image: ImageConfiguration(
        backbone: .resNet(
          ResNetConfiguration(
            block: .basic, norm: .affine, stem: .init(width: 8, kernel: 3, stride: 2, pool: false),
            widths: [8, 16, 32], depths: [1, 1, 1], dilatesLastStage: false)),
        width: 32, heads: 4, feedforward: 64, layers: 1, dropout: 0, addsProjection: true,
        taskEmbeddings: 16),
      text: TextConfiguration(
        vocabulary: vocabulary, width: 32, heads: 4, feedforward: 64, layers: 1, positions: 32,
        types: 2, dropout: 0, lowercases: true, taskEmbeddings: 16),
      decoder: DecoderConfiguration(
        width: 32, heads: 4, feedforward: 64, layers: 2, dropout: 0, isShared: sharesDecoder),
      tasks: tasks, preprocessing: .fixed(64))
  }
}
