import Inputs

/// A picture that was put together, with what is in it and questions about it.
public struct Scene: Sendable {
  /// Its number.
  public let index: Int
  /// The picture.
  public let image: Image
  /// The labelled objects, from the back to the front.
  public let objects: [Object]
  /// Questions with their answers.
  public let questions: [Question]
  /// Statements with what the picture says about them.
  public let hypotheses: [Hypothesis]

  /// A labelled object.
  public struct Object: Sendable, Hashable {
    /// Number of its class in the recipe.
    public let classIndex: Int
    /// Name of its class.
    public let label: String
    /// The smallest rectangle around what is seen of it: pixels of whose colour it makes up half or
    /// more.
    public let box: PixelExtent
    /// Number of pixels that are seen of it.
    public let area: Int
    /// The colour of what is seen; nil where no single name fits.
    public let colour: SceneColour?
    /// How large its box is in the picture.
    public let size: Size
  }

  /// How large an object is in its picture.
  public enum Size: String, Sendable, CaseIterable, Codable {
    case small, medium, large

    /// By the sides of squares as large as box and picture: below 0.22, up to 0.45, or more.
    init(_ box: PixelExtent, in picture: ImageSize) {
      let share = (Float(box.area) / Float(picture.area)).squareRoot()
      self = share < 0.22 ? .small : share <= 0.45 ? .medium : .large
    }
  }

  /// A question with its answer.
  public struct Question: Sendable, Hashable {
    /// What is asked for.
    public let kind: Kind
    /// For example `is the dog left of the cat?`.
    public let text: String
    /// For example `no`.
    public let answer: String

    /// What a question asks for.
    public enum Kind: String, Sendable, CaseIterable, Codable {
      case what, isIt = "is it", exist, colour, count, relation, bigger
    }
  }
}
