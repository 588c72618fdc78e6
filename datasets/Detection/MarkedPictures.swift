import Annotations

/// Pictures with the objects that were marked in them, whatever format they came in.
///
/// The readers of COCO, Pascal VOC, YOLO and Visual Genome all end here; learning, checking and
/// converting begin here. Reading is lenient: what is wrong with the content stands in `problems`,
/// so that a check can tell everything at once. `sound()` is for those who need all of it right.
public struct MarkedPictures: Sendable {
  /// A kind of object, or an attribute that objects may have.
  public struct Category: Sendable, Equatable {
    /// Its id in the dataset.
    public var id: Int
    /// What it is called.
    public var name: String
    /// The kind it belongs to, if it is given.
    public var group: String?

    /// A named category.
    public init(id: Int, name: String, group: String? = nil) {
      self.id = id
      self.name = name
      self.group = group
    }
  }

  /// An object in a picture.
  public struct Object: Sendable, Equatable {
    /// Its number in the dataset: the id of COCO's annotation, the line of YOLO's file, the place
    /// among VOC's objects.
    public var number: Int
    /// Position among the categories.
    public var category: Int
    /// Where it is, in the dataset's unit.
    public var box: CocoBox
    /// Area of its outline in square pixels; nil for that of the box.
    public var area: Double?
    /// Whether it is a crowd of objects, which is not learnt and costs nothing in an evaluation.
    public var isCrowd = false
    /// Ids of its attributes.
    public var attributes: [Int] = []
    /// What Pascal VOC tells of an object beyond its box.
    public var view = ObjectView()
  }

  /// A picture.
  public struct Picture: Sendable, Equatable {
    /// Its id in the dataset.
    public var id: Int
    /// The name that the dataset gives it.
    public var name: String
    /// Where it lies; nil if it is missing.
    public var path: String?
    /// The file that holds its objects.
    public var annotations: String
    /// Width in pixels, if it is given.
    public var width: Int?
    /// Height in pixels, if it is given.
    public var height: Int?
    /// The objects in the order of the file.
    public var objects: [Object] = []
  }

  /// What the numbers of a box count.
  public enum Unit: Sendable {
    /// Pixels of the upright picture.
    case pixels
    /// Fractions of the picture's width and height.
    case fractions
  }

  /// The format, as the registry calls it.
  public var format: String
  /// What the numbers of a box count.
  public var unit: Unit
  /// The kinds of objects in the order of the dataset.
  public var categories: [Category]
  /// The attributes that the dataset knows; empty if it has none.
  public var attributes: [Category] = []
  /// The pictures in the order of the dataset.
  public var pictures: [Picture] = []
  /// What is wrong with the content.
  public var problems: [DataProblem] = []

  /// No pictures yet.
  public init(format: String, unit: Unit = .pixels, categories: [Category] = []) {
    self.format = format
    self.unit = unit
    self.categories = categories
  }

  /// What an object's number is called: "annotation", "line", "object".
  public var numbering: String {
    switch format {
    case "voc": "object"
    case "yolo": "line"
    default: "annotation"
    }
  }

  /// The same, if nothing is wrong.
  ///
  /// - Throws: the first problem.
  func sound() throws -> MarkedPictures {
    guard let problem = problems.first else { return self }
    let others = problems.count - 1
    let more = others == 0 ? "" : " (and \(others) more problem\(others == 1 ? "" : "s"))"
    throw DatasetError.malformed(
      file: problem.file, entry: problem.entry,
      reason: problem.text + more + "\n'unit data check' lists everything that is wrong")
  }

  /// Finds the pictures' files and notes those that are missing.
  mutating func find(in folders: PictureFolders, names: (Picture) -> [String] = { [$0.name] }) {
    let found = folders.find(pictures.map(names))
    for (position, path) in found.enumerated() {
      pictures[position].path = path
      guard path == nil else { continue }
      let tried = folders.candidates(names(pictures[position])).joined(separator: ", ")
      problems.append(
        DataProblem(
          .missingPicture, file: pictures[position].annotations,
          entry: "picture \(pictures[position].id)",
          text: "'\(pictures[position].name)' was not found; tried \(tried)"))
    }
  }
}

/// What Pascal VOC tells of an object beyond its box.
public struct ObjectView: Sendable, Equatable {
  /// From where it is seen, such as `Left`.
  public var pose: String?
  /// Whether part of it is outside of the picture or the box.
  public var isTruncated = false
  /// Whether it is hard to recognise.
  public var isDifficult = false
  /// Whether something else hides part of it.
  public var isOccluded = false

  /// Nothing known.
  public init() {}
}
