import Synchronization

/// Which task, and which of its batches, belongs to each step of a run.
private final class BatchCounter: Sendable {
  private struct Counted {
    /// The first step that is not counted yet.
    var step: Int
    /// Batches of each task before that step.
    var counts: [Int]
    /// What loader threads have not asked for yet, by number of the batch in the run.
    var waiting: [Int: (task: Int, number: Int)] = [:]
  }

  private let plan: BatchPlan
  private let counted: Mutex<Counted>

  /// Begins at a step; the steps before it count as done.
  init(plan: BatchPlan, from step: Int) {
    self.plan = plan
    let counts = plan.schedule.counts(before: step).map { $0 * plan.accumulate }
    counted = Mutex(Counted(step: step, counts: counts))
  }

  /// Task and batch number of batch `place` of the run; each is asked for once, in any order.
  func batch(_ place: Int) -> (task: Int, number: Int) {
    counted.withLock { counted in
      while counted.step * plan.batchesPerStep <= place {
        for (offset, task) in plan.tasks(at: counted.step).enumerated() {
          counted.waiting[counted.step * plan.batchesPerStep + offset] = (
            task, counted.counts[task]
          )
          counted.counts[task] += 1
        }
        counted.step += 1
      }
      guard let found = counted.waiting.removeValue(forKey: place) else {
        preconditionFailure("batch \(place) was asked for twice")
      }
      return found
    }
  }
}

/// The batches of each step: those of its tasks, several of each where gradients are accumulated.
struct BatchPlan: Sendable {
  /// Which tasks each step trains.
  let schedule: TaskSchedule
  /// Batches of each task in a step.
  let accumulate: Int

  /// Batches of one step.
  var batchesPerStep: Int { schedule.tasksPerStep * accumulate }

  /// The task of each batch of a step, in order.
  func tasks(at step: Int) -> [Int] {
    schedule.tasks(at: step).flatMap { [Int](repeating: $0, count: accumulate) }
  }
}

/// What the loader hands over: one batch of a step.
struct MixtureItem<Batch: Sendable>: Sendable {
  /// Position of the task.
  let task: Int
  /// Its next batch.
  let batch: Batch
}

/// Makes the batches of a mixture of tasks ahead of their steps, one item a batch.
func mixtureLoader<Batch>(
  of sources: [any BatchSource<Batch>], plan: BatchPlan, steps: Range<Int>, ahead: Int,
  threads: Int
) -> Prefetcher<MixtureItem<Batch>> {
  let counter = BatchCounter(plan: plan, from: steps.lowerBound)
  let batches = plan.batchesPerStep
  return Prefetcher(
    steps.lowerBound * batches..<steps.upperBound * batches, ahead: ahead, threads: threads
  ) { place in
    let (task, number) = counter.batch(place)
    return MixtureItem(task: task, batch: try sources[task].batch(number))
  }
}
