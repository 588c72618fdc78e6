import Foundation
import Heads
import Inputs
import Tensors

/// easy-VQA 1.0 (Victor Zhou, MIT licence): pictures of one coloured shape each, with questions.
///
/// Reads the folder that the Python package `easy-vqa` unpacks to. The dataset itself knows only
/// questions and answers; box, shape and colour of the object are derived from the pixels
/// (`ShapeReading`) and checked against every question. Pictures are decoded once and kept.
public struct EasyVQA: Sendable {
  /// Part of the dataset.
  public enum Split: String, Sendable, CaseIterable {
    /// 4,000 pictures, 38,575 questions.
    case train
    /// 1,000 pictures, 9,673 questions.
    case test
  }

  /// A picture with its one object.
  public struct Picture: Sendable {
    /// Number in the file's name, by which questions refer to it.
    public let id: Int
    /// The file.
    public let path: String
    /// The decoded pixels.
    public let image: Image
    /// The object's exact box in pixels.
    public let box: Detection.Box
    /// The object's shape, an index of `EasyVQA.shapes`.
    public let shape: Int
    /// The object's colour, an index of `EasyVQA.colours`.
    public let colour: Int
  }

  /// A question about a picture.
  public struct Question: Sendable {
    /// The question, such as `what color is the triangle?`.
    public let text: String
    /// The right answer, an index of `EasyVQA.answers`.
    public let answer: Int
    /// The picture it is asked about, as a position in `pictures`.
    public let picture: Int
  }

  /// Names of the shapes: the classes of the detection task.
  public static let shapes = ["circle", "rectangle", "triangle"]
  /// Names of the colours: the attributes of the detection task.
  public static let colours = [
    "black", "gray", "red", "green", "blue", "yellow", "teal", "brown",
  ]
  /// The answers in the order of the dataset's own `answers.txt`.
  public static let answers = [
    "circle", "green", "red", "gray", "yes", "teal", "black", "rectangle", "yellow", "triangle",
    "brown", "blue", "no",
  ]

  /// Which part this is.
  public let split: Split
  /// The pictures, by rising id.
  public let pictures: [Picture]
  /// The questions in the order of the file.
  public let questions: [Question]

  /// Reads one part.
  ///
  /// - Parameters:
  ///   - directory: the package's `data` folder, or the folder above it.
  ///   - split: the part to read.
  /// - Throws: `EasyVQAError`, or `ImageError` for a picture that cannot be decoded.
  public init(directory: String, split: Split) throws {
    let files = try EasyVQAFiles(directory: directory, split: split)
    self.split = split
    let entries = files.pictures
    let read = Outcomes<Picture>(count: entries.count)
    Parallel.forEach(entries.count) { index in
      read[index] = Result {
        let image = try Image(contentsOf: entries[index].path)
        let object = try ShapeReading(image, path: entries[index].path)
        return Picture(
          id: entries[index].id, path: entries[index].path, image: image, box: object.box,
          shape: object.shape, colour: object.colour)
      }
    }
    pictures = try read.values()
    questions = try EasyVQA.questions(of: files, about: pictures)
  }

  private static func questions(
    of files: EasyVQAFiles, about pictures: [Picture]
  ) throws -> [Question] {
    let positions = Dictionary(uniqueKeysWithValues: pictures.enumerated().map { ($1.id, $0) })
    let answerIndices = Dictionary(uniqueKeysWithValues: answers.enumerated().map { ($1, $0) })
    var meanings: [String: QuestionMeaning] = [:]
    return try files.questions().enumerated().map { number, entry in
      guard let position = positions[entry.picture] else {
        throw EasyVQAError.malformed(
          file: files.questionsPath, entry: "question \(number)",
          reason: "asks about picture \(entry.picture), but there is no "
            + "\(files.imagesPath)/\(entry.picture).png")
      }
      guard let answer = answerIndices[entry.answer] else {
        throw EasyVQAError.malformed(
          file: files.questionsPath, entry: "question \(number)",
          reason: "the answer '\(entry.answer)' is none of \(answers.joined(separator: ", "))")
      }
      let picture = pictures[position]
      let meaning = meanings[entry.text] ?? QuestionMeaning(entry.text)
      meanings[entry.text] = meaning
      guard meaning.allows(entry.answer, shape: picture.shape, colour: picture.colour) else {
        throw EasyVQAError.contradiction(
          picture: picture.path,
          pixels: "\(colours[picture.colour]) \(shapes[picture.shape])",
          question: entry.text, answer: entry.answer)
      }
      return Question(text: entry.text, answer: answer, picture: position)
    }
  }
}

/// One result per picture, written by the thread that read it.
private final class Outcomes<Value>: @unchecked Sendable {
  private let results: UnsafeMutableBufferPointer<Result<Value, any Error>?>

  init(count: Int) {
    results = .allocate(capacity: count)
    results.initialize(repeating: nil)
  }

  deinit {
    results.deinitialize()
    results.deallocate()
  }

  subscript(index: Int) -> Result<Value, any Error> {
    get { results[index]! }
    set { results[index] = newValue }
  }

  /// All values, or the error of the first that failed.
  func values() throws -> [Value] { try results.map { try $0!.get() } }
}
