import Inputs

extension Preprocessing {
  /// torchvision's for its classifiers: the shorter side 256, the 224 x 224 pixels in the middle.
  public static let torchvisionClassifier = Preprocessing(
    resize: .shortestSide(short: 256, longestMaximum: nil),
    crop: ImageSize(width: 224, height: 224))

  /// That of the EfficientNet-Lite networks: a square whose border of 16 pixels is cut off, values
  /// `(x - 127) / 128`.
  ///
  /// - Parameter side: width and height of what the network sees.
  public static func efficientNetLite(side: Int) -> Preprocessing {
    Preprocessing(
      resize: .shortestSide(short: side + 32, longestMaximum: nil), filter: .bicubic,
      crop: ImageSize(width: side, height: side), mean: [Float](repeating: 127 / 255, count: 3),
      standardDeviation: [Float](repeating: 128 / 255, count: 3))
  }
}
