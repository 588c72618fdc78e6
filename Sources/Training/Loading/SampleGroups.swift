import Datasets
import Tensors

/// Samples by the picture they are about, so that a picture is encoded once for several questions.
struct SampleGroups: Sendable {
  /// Samples of each picture, in the order in which the data set names the pictures.
  private let members: [[Int]]
  /// Samples that are taken of a picture at a time.
  let size: Int

  /// Number of pictures.
  var count: Int { members.count }

  /// Groups the samples of a data set.
  ///
  /// - Throws: `TrainingError.picturesUnnamed` where the data set does not tell which samples have
  ///   the same picture.
  init(of data: any TaskDataset, size: Int, task: String) throws {
    self.size = size
    guard size > 1 else {
      members = (0..<data.count).map { [$0] }
      return
    }
    var places: [String: Int] = [:]
    var members: [[Int]] = []
    for index in 0..<data.count {
      guard let name = data.pictureName(index) else {
        throw TrainingError.picturesUnnamed(task: task)
      }
      if let place = places[name] {
        members[place].append(index)
      } else {
        places[name] = members.count
        members.append([index])
      }
    }
    self.members = members
  }

  /// The samples of a picture that are taken this time: all of them in a random order before one is
  /// taken again.
  func draw(_ picture: Int, key: RandomKey) -> [Int] {
    let own = members[picture]
    if size == 1 { return own }
    let order = key.folding("questions").permutation(own.count)
    return (0..<size).map { own[order[$0 % own.count]] }
  }
}
