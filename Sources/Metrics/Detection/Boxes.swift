/// An object that a person marked in a picture.
public struct GroundTruthBox: Sendable, Equatable {
  /// Id of the picture.
  public var image: Int
  /// Id of the category.
  public var category: Int
  /// Left edge in pixels.
  public var x: Double
  /// Upper edge in pixels.
  public var y: Double
  /// Extent to the right in pixels.
  public var width: Double
  /// Extent downwards in pixels.
  public var height: Double
  /// Area of the object in square pixels; in COCO that of its outline, not of its box.
  public var area: Double
  /// Whether the box holds a crowd, which may match any number of detections and costs nothing.
  public var isCrowd: Bool
  /// Whether the object's id is 0, which pycocotools takes for none: a detection that matches such
  /// an object counts as a miss there.
  public var isNumberedZero: Bool

  /// A marked object; without `area` the area is that of the box.
  public init(
    image: Int, category: Int, x: Double, y: Double, width: Double, height: Double,
    area: Double? = nil, isCrowd: Bool = false, isNumberedZero: Bool = false
  ) {
    self.image = image
    self.category = category
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.area = area ?? width * height
    self.isCrowd = isCrowd
    self.isNumberedZero = isNumberedZero
  }
}

/// An object that a model found in a picture.
public struct ScoredBox: Sendable, Equatable {
  /// Id of the picture.
  public var image: Int
  /// Id of the category.
  public var category: Int
  /// Left edge in pixels.
  public var x: Double
  /// Upper edge in pixels.
  public var y: Double
  /// Extent to the right in pixels.
  public var width: Double
  /// Extent downwards in pixels.
  public var height: Double
  /// How sure the model is; only the order matters.
  public var score: Double

  /// A found object.
  public init(
    image: Int, category: Int, x: Double, y: Double, width: Double, height: Double, score: Double
  ) {
    self.image = image
    self.category = category
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.score = score
  }
}

extension ScoredBox {
  var area: Double { width * height }

  /// Intersection over union with a marked object, over the detection's own area for a crowd.
  func overlap(with truth: GroundTruthBox) -> Double {
    let across = min(x + width, truth.x + truth.width) - max(x, truth.x)
    guard across > 0 else { return 0 }
    let down = min(y + height, truth.y + truth.height) - max(y, truth.y)
    guard down > 0 else { return 0 }
    let intersection = across * down
    let union = truth.isCrowd ? area : area + truth.width * truth.height - intersection
    return intersection / union
  }
}
