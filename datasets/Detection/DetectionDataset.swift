import Annotations
import Heads
import Inputs
import Metrics
import Models

/// Marked pictures as a task of detection.
///
/// The targets are DETR's (`datasets/coco.py`): crowds are left out, boxes are cut off at the
/// picture's border, those that have no extent then are left out, and the rest stands in fractions
/// of the picture. Of an object's attributes the first sixteen count, as in the official UniT, and
/// those that the task does not name are left out.
public struct DetectionDataset: TaskDataset {
  /// The most attributes of one object that are learnt.
  public static let mostAttributes = 16

  /// The pictures.
  public let data: MarkedPictures
  private let task: TaskSpec
  private let classRows: [Int]
  private let attributeRows: [Int: Int]

  /// Pictures for a task that finds objects.
  ///
  /// - Throws: `DatasetError`: the task has another head, the data a problem or a class that is
  ///   not among the task's labels.
  public init(_ data: MarkedPictures, task: TaskSpec) throws {
    guard task.head == "detection" else {
      throw DatasetError.unfit(dataset: data.format, task: task.name, head: task.head)
    }
    self.data = try data.sound()
    self.task = task
    let file = data.pictures.first?.annotations ?? data.format
    let rows = LabelRows(data.categories, labels: task.labels, task: task.name)
    var classRows = [Int](repeating: 0, count: data.categories.count)
    let used = Set(data.pictures.lazy.flatMap(\.objects).map(\.category))
    for position in used.sorted() {
      classRows[position] = try rows.row(of: data.categories[position], file: file)
    }
    self.classRows = classRows
    var attributeRows: [Int: Int] = [:]
    if let attributes = task.attributes {
      let rows = LabelRows(data.attributes, labels: attributes.labels, task: task.name)
      let used = Set(data.pictures.lazy.flatMap(\.objects).flatMap(\.attributes))
      let named = Set(data.attributes.map(\.name)).intersection(attributes.labels)
      // A task may tell colours only, of data that has sizes, too. None in common is a mistake.
      for category in data.attributes where used.contains(category.id) {
        if !named.isEmpty && !named.contains(category.name) { continue }
        attributeRows[category.id] = try rows.row(of: category, file: file)
      }
    }
    self.attributeRows = attributeRows
  }

  /// Number of pictures.
  public var count: Int { data.pictures.count }

  /// A picture with its objects.
  public func sample(_ index: Int) throws -> Sample {
    let picture = data.pictures[index]
    let image = try Image(contentsOf: picture.path!)
    if let problem = picture.sizeProblem(upright: image.size) {
      throw DatasetError.malformed(
        file: problem.file, entry: problem.entry, reason: problem.text)
    }
    var sample = try sample(picture, width: Double(image.width), height: Double(image.height))
    sample.image = image
    return sample
  }

  /// The picture's file, where the data set says how large the picture is.
  public func pictureName(_ index: Int) -> String? {
    let picture = data.pictures[index]
    return picture.width == nil || picture.height == nil ? nil : picture.path
  }

  /// The objects of a picture alone.
  public func sampleWithoutPicture(_ index: Int) throws -> Sample {
    let picture = data.pictures[index]
    guard let width = picture.width, let height = picture.height else { return try sample(index) }
    return try sample(picture, width: Double(width), height: Double(height))
  }

  private func sample(
    _ picture: MarkedPictures.Picture, width: Double, height: Double
  ) throws -> Sample {
    let isRelative = data.unit == .fractions
    var targets = ObjectTargets(labels: [], boxes: [])
    var marked: [GroundTruthBox] = []
    for object in picture.objects {
      guard object.box.isFinite else {
        throw DatasetError.malformed(
          file: picture.annotations, entry: "\(data.numbering) \(object.number)",
          reason: "expected a box of finite numbers, found \(object.box.words)")
      }
      let box = isRelative ? object.box.scaled(width, height) : object.box
      let row = classRows[object.category]
      marked.append(
        GroundTruthBox(
          image: 0, category: task.labelIDs?[row] ?? row, x: box.x, y: box.y, width: box.width,
          height: box.height, area: object.area, isCrowd: object.isCrowd))
      let inside = box.clipped(width, height)
      guard !object.isCrowd, inside.width > 0, inside.height > 0 else { continue }
      targets.labels.append(row)
      targets.boxes.append(
        ObjectTargets.Box(
          centerX: Float((inside.x + inside.width / 2) / width),
          centerY: Float((inside.y + inside.height / 2) / height),
          width: Float(inside.width / width), height: Float(inside.height / height)))
      targets.attributes.append(
        object.attributes.prefix(Self.mostAttributes).compactMap { attributeRows[$0] })
    }
    return Sample(name: picture.path!, target: .objects(targets), marked: marked)
  }

  /// What the registry calls to open a format.
  static func opening(
    _ read: @escaping @Sendable (DatasetSource) throws -> MarkedPictures
  ) -> @Sendable (DatasetSource, TaskSpec) throws -> any TaskDataset {
    { source, task in
      // A wrong task is found before a large file is read.
      guard task.head == "detection" else {
        throw DatasetError.unfit(dataset: source.kind, task: task.name, head: task.head)
      }
      return try DetectionDataset(read(source), task: task)
    }
  }
}

extension MarkedPictures.Picture {
  /// What is wrong if the upright picture has another size than the dataset says.
  func sizeProblem(upright size: ImageSize) -> DataProblem? {
    guard let width, let height, width != size.width || height != size.height else { return nil }
    let isTurned = width == size.height && height == size.width
    return DataProblem(
      .pictureSize, file: path ?? name,
      text: "\(annotations) says \(width) x \(height) pixels, the upright picture has "
        + "\(size.width) x \(size.height), so its boxes would be misplaced"
        + (isTurned ? "; save the picture without its EXIF rotation" : ""))
  }
}

extension CocoBox {
  /// Whether no number is infinite or not a number.
  var isFinite: Bool { x.isFinite && y.isFinite && width.isFinite && height.isFinite }

  /// The box as people read it.
  var words: String { "[\(x), \(y), \(width), \(height)]" }

  /// The box without the noise that arithmetic leaves behind: numbers that are almost one of at
  /// most six decimals become that one. So a box survives the way to another format and back.
  var rounded: CocoBox {
    func rounded(_ number: Double) -> Double {
      let near = (number * 1e6).rounded() / 1e6
      return abs(number - near) < 1e-9 ? near : number
    }
    return CocoBox(
      x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height))
  }

  /// A box in fractions as one in pixels.
  func scaled(_ width: Double, _ height: Double) -> CocoBox {
    CocoBox(
      x: x * width, y: y * height, width: self.width * width, height: self.height * height)
  }

  /// The part of the box that lies in the picture; without extent where there is none.
  func clipped(_ width: Double, _ height: Double) -> CocoBox {
    let (left, right) = (min(max(x, 0), width), min(max(x + self.width, 0), width))
    let (top, bottom) = (min(max(y, 0), height), min(max(y + self.height, 0), height))
    return CocoBox(x: left, y: top, width: right - left, height: bottom - top)
  }
}
