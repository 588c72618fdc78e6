/// A batch that can tell which samples it is made of; a batch that spoils a run is then named.
public protocol NamedBatch {
  /// The samples' names, in order: files, numbers of questions.
  var names: [String] { get }
}

extension TaskBatch: NamedBatch {}
