import Synchronization

/// Which task, and which of its batches, belongs to each step of a run.
private final class BatchCounter: Sendable {
  private struct Counted {
    /// The first step that is not counted yet.
    var step: Int
    /// Batches of each task before that step.
    var counts: [Int]
    /// What loader threads have not asked for yet.
    var waiting: [Int: (task: Int, number: Int)] = [:]
  }

  private let mixer: TaskMixer
  private let counted: Mutex<Counted>

  /// Begins at a step; the steps before it count as done.
  init(mixer: TaskMixer, from step: Int) {
    self.mixer = mixer
    counted = Mutex(Counted(step: step, counts: mixer.counts(before: step)))
  }

  /// Task and batch number of a step; every step is asked for once, in any order.
  func batch(of step: Int) -> (task: Int, number: Int) {
    counted.withLock { counted in
      while counted.step <= step {
        let task = mixer.task(at: counted.step)
        counted.waiting[counted.step] = (task, counted.counts[task])
        counted.counts[task] += 1
        counted.step += 1
      }
      guard let found = counted.waiting.removeValue(forKey: step) else {
        preconditionFailure("step \(step) was asked for twice")
      }
      return found
    }
  }
}

/// What the loader hands over for one step.
struct MixtureItem<Batch: Sendable>: Sendable {
  /// Position of the task.
  let task: Int
  /// Its next batch.
  let batch: Batch
}

/// Makes the batches of a mixture of tasks ahead of their steps.
func mixtureLoader<Batch>(
  of sources: [any BatchSource<Batch>], mixer: TaskMixer, steps: Range<Int>, ahead: Int,
  threads: Int
) -> Prefetcher<MixtureItem<Batch>> {
  let counter = BatchCounter(mixer: mixer, from: steps.lowerBound)
  return Prefetcher(steps, ahead: ahead, threads: threads) { step in
    let (task, number) = counter.batch(of: step)
    return MixtureItem(task: task, batch: try sources[task].batch(number))
  }
}
