import Synchronization
import Tensors

/// Makes the batches of one task.
///
/// Batch `n` is a pure function of the source and `n`: a resumed run needs to know only how many
/// batches the task has had.
public protocol BatchSource<Batch>: Sendable {
  /// What the model's loss takes.
  associatedtype Batch: Sendable

  /// Samples in a batch.
  var batchSize: Int { get }
  /// Number of samples in an epoch.
  var sampleCount: Int { get }
  /// Changes when the samples do: a resumed run refuses data that changed.
  var fingerprint: String { get }

  /// Batch number `number`, counted from 0. Called on loader threads, several at a time.
  func batch(_ number: Int) throws -> Batch
}

/// Draws the samples of a list in a new random order in every epoch.
///
/// Batches follow each other without a gap: one may end an epoch and begin the next.
public struct ShuffledBatches<Sample: Sendable, Batch: Sendable>: BatchSource {
  /// Name of the task, for errors.
  public let task: String
  /// Samples in a batch.
  public let batchSize: Int
  /// Number of samples in an epoch.
  public let sampleCount: Int
  /// Changes when the samples do.
  public let fingerprint: String
  private let order: EpochOrder
  private let key: RandomKey
  private let load: @Sendable (_ index: Int, _ key: RandomKey) throws -> Sample
  private let collate: @Sendable ([Sample]) throws -> Batch

  /// Batches of a list of samples.
  ///
  /// - Parameters:
  ///   - load: makes the sample at an index. Its key depends on seed, task, epoch and index only;
  ///     random changes of the sample (`PictureAugmentation`) come from it.
  ///   - collate: makes a batch of samples.
  public init(
    task: String, seed: UInt64, sampleCount: Int, batchSize: Int, fingerprint: String,
    load: @escaping @Sendable (_ index: Int, _ key: RandomKey) throws -> Sample,
    collate: @escaping @Sendable ([Sample]) throws -> Batch
  ) throws {
    guard sampleCount > 0 else { throw TrainingError.emptyTask(task: task) }
    precondition(batchSize > 0, "a batch cannot have \(batchSize) samples")
    self.task = task
    self.batchSize = batchSize
    self.sampleCount = sampleCount
    self.fingerprint = fingerprint
    self.load = load
    self.collate = collate
    key = RandomKey(seed: seed).folding("samples").folding(task)
    order = EpochOrder(count: sampleCount, key: key.folding("order"))
  }

  /// The samples of a batch: epoch and index of each.
  public func samples(of number: Int) -> [(epoch: Int, index: Int)] {
    (0..<batchSize).map { offset in
      let (epoch, position) = (number * batchSize + offset).quotientAndRemainder(
        dividingBy: sampleCount)
      return (epoch, order.permutation(of: epoch)[position])
    }
  }

  /// Batch number `number`; an error names the sample.
  public func batch(_ number: Int) throws -> Batch {
    try collate(
      samples(of: number).map { epoch, index in
        do {
          let key = key.folding(UInt64(epoch)).folding(UInt64(index))
          return try load(index, key)
        } catch let error as TrainingError {
          throw error
        } catch {
          throw TrainingError.sampleFailed(
            task: task, sample: "sample \(index)", reason: "\(error)")
        }
      })
  }
}

/// The order of the samples in each epoch; the last two epochs are remembered.
private final class EpochOrder: Sendable {
  private let count: Int
  private let key: RandomKey
  private let recent = Mutex<[(epoch: Int, order: [Int])]>([])

  init(count: Int, key: RandomKey) {
    self.count = count
    self.key = key
  }

  func permutation(of epoch: Int) -> [Int] {
    recent.withLock { recent in
      if let known = recent.first(where: { $0.epoch == epoch }) { return known.order }
      let order = key.folding(UInt64(epoch)).permutation(count)
      recent.append((epoch, order))
      if recent.count > 2 { recent.removeFirst() }
      return order
    }
  }
}
