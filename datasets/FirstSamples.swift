/// The first samples of a dataset, for a look at whether a model can learn them by heart.
public struct FirstSamples: TaskDataset {
  /// Number of samples: as many as were asked for, or all where there are fewer.
  public let count: Int
  private let whole: any TaskDataset

  /// The first `count` samples of a dataset, in its own order.
  public init(_ count: Int, of whole: any TaskDataset) {
    precondition(count > 0, "a dataset cannot be cut to \(count) samples")
    self.whole = whole
    self.count = min(count, whole.count)
  }

  /// The dataset's own sample.
  public func sample(_ index: Int) throws -> Sample {
    precondition(index < count, "there is no sample \(index) among the first \(count)")
    return try whole.sample(index)
  }

  /// The dataset's own name.
  public func pictureName(_ index: Int) -> String? { whole.pictureName(index) }

  /// The dataset's own sample.
  public func sampleWithoutPicture(_ index: Int) throws -> Sample {
    try whole.sampleWithoutPicture(index)
  }
}
