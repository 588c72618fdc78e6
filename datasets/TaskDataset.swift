import Heads
import Inputs
import Metrics

/// What one task learns from or is measured on: numbered samples.
///
/// A sample is a pure function of its number, so that any thread may read any sample at any time
/// and a resumed training sees what an uninterrupted one would have seen.
public protocol TaskDataset: Sendable {
  /// Number of samples.
  var count: Int { get }

  /// Reads a sample.
  ///
  /// - Throws: an error that names the file and the entry.
  func sample(_ index: Int) throws -> Sample

  /// By which a sample's picture is known again, such as its file: samples of the same name have the
  /// same picture. nil where samples have no pictures, or pictures change.
  func pictureName(_ index: Int) -> String?

  /// A sample without its picture, for a reader who knows the picture already.
  func sampleWithoutPicture(_ index: Int) throws -> Sample
}

extension TaskDataset {
  /// Pictures that are not known again.
  public func pictureName(_ index: Int) -> String? { nil }

  /// The sample; its picture is read all the same.
  public func sampleWithoutPicture(_ index: Int) throws -> Sample { try sample(index) }
}

/// One thing to learn or to be asked.
public struct Sample: Sendable {
  /// What the answer should be.
  public enum Target: Sendable {
    /// The objects of the picture.
    case objects(ObjectTargets)
    /// How right each answer is; answers that are not listed are wrong.
    case answers([(row: Int, weight: Float)])
    /// The right class.
    case category(Int)
  }

  /// Name for error messages and predictions: file, question number.
  public var name: String
  /// The upright picture, where the task sees one.
  public var image: Image?
  /// The text, where the task reads one.
  public var text: String?
  /// The second text of a pair.
  public var secondText: String?
  /// What the answer should be.
  public var target: Target
  /// The objects as COCO's evaluation counts them, in pixels of the picture, with crowds and the
  /// areas of outlines; nil where the target tells all. Their `image` is 0.
  public var marked: [GroundTruthBox]?

  /// A sample.
  public init(
    name: String, image: Image? = nil, text: String? = nil, secondText: String? = nil,
    target: Target, marked: [GroundTruthBox]? = nil
  ) {
    self.name = name
    self.image = image
    self.text = text
    self.secondText = secondText
    self.target = target
    self.marked = marked
  }
}
