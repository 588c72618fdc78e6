/// One object found in a picture: the currency between the detection head, the output formats,
/// the drawing code and the metrics.
public struct Detection: Sendable, Equatable {
  /// An axis-parallel box in pixels of the upright original picture.
  public struct Box: Sendable, Equatable, Codable {
    /// Left edge.
    public var x: Float
    /// Upper edge.
    public var y: Float
    /// Extent to the right.
    public var width: Float
    /// Extent downwards.
    public var height: Float

    /// A box from its upper left corner and extent, in pixels.
    public init(x: Float, y: Float, width: Float, height: Float) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }

    /// The box of a network's four numbers: centre, width and height in fractions of the picture.
    init(centered numbers: ArraySlice<Float>, in size: (width: Int, height: Int)) {
      let numbers = Array(numbers)
      let (width, height) = (Float(size.width), Float(size.height))
      self.init(
        x: (numbers[0] - numbers[2] / 2) * width, y: (numbers[1] - numbers[3] / 2) * height,
        width: numbers[2] * width, height: numbers[3] * height)
    }
  }

  /// A property of the object, such as its colour.
  public struct Attribute: Sendable, Equatable {
    /// Name of the property.
    public var label: String
    /// Probability in `0...1`.
    public var score: Float

    /// A named property with its probability.
    public init(label: String, score: Float) {
      self.label = label
      self.score = score
    }
  }

  /// Name of the class.
  public var label: String
  /// The class's own id in its dataset (COCO's category id, not a row of the class layer).
  public var classID: Int
  /// Probability in `0...1`.
  public var score: Float
  /// Where the object is.
  public var box: Box
  /// Properties, most probable first; empty unless they were asked for.
  public var attributes: [Attribute]

  /// An object found in a picture.
  public init(
    label: String, classID: Int, score: Float, box: Box, attributes: [Attribute] = []
  ) {
    self.label = label
    self.classID = classID
    self.score = score
    self.box = box
    self.attributes = attributes
  }
}
