extension Scene {
  /// A statement about a picture.
  public struct Hypothesis: Sendable, Hashable {
    /// What is stated.
    public let kind: Kind
    /// For example `there is a red apple left of the chair.`.
    public let text: String
    /// Whether the picture shows it.
    public let label: Label

    /// What a statement is about.
    public enum Kind: String, Sendable, CaseIterable, Codable {
      /// Where one object lies, seen from another.
      case relation
      /// Which of two is bigger.
      case bigger
      /// Whether there is an object of a class on a side of another.
      case existence
      /// The same with its colour.
      case attribute
      /// How many there are on a side of another.
      case number
      /// The colour of an object.
      case colour
    }

    /// Whether a statement follows from the picture.
    public enum Label: String, Sendable, CaseIterable, Codable {
      /// The picture shows it.
      case entailment
      /// The picture does not tell.
      case neutral
      /// The picture shows that it is not so.
      case contradiction
    }
  }
}
