import Tensors
import Testing

@testable import Training

struct TaskScheduleTests {
  func order(
    _ kind: TaskSchedule.Kind, _ ratios: [Double], counts: [Int]? = nil, steps: Int = 60,
    seed: UInt64 = 1
  ) -> [Int] {
    let schedule = TaskSchedule(
      kind, seed: seed, ratios: ratios, counts: counts, steps: steps)
    return (0..<steps).map { schedule.tasks(at: $0)[0] }
  }

  @Test func ratiosAreTheMixerAsItWas() {
    let mixer = TaskMixer(seed: 4, ratios: [2, 0, 1])
    #expect(order(.ratios, [2, 0, 1], seed: 4) == (0..<60).map { mixer.task(at: $0) })
  }

  @Test func oneTaskAfterTheOther() {
    #expect(
      order(.taskByTask, [2, 0, 1]) == [Int](repeating: 0, count: 40)
        + .init(repeating: 2, count: 20))
    #expect(order(.taskByTask, [1, 1], counts: [1, 5], steps: 6) == [0, 1, 1, 1, 1, 1])
  }

  @Test func roundAndRound() {
    #expect(order(.alternating, [5, 0, 1, 1], steps: 7) == [0, 2, 3, 0, 2, 3, 0])
  }

  @Test func uniformIgnoresRatiosButNotTheirAbsence() {
    let drawn = order(.uniform, [9, 0, 1], steps: 4000)
    #expect(drawn == order(.uniform, [1, 0, 1], steps: 4000))
    #expect(!drawn.contains(1) && abs(drawn.count { $0 == 0 } - 2000) < 150)
  }

  @Test func weightedHasExactCountsInARandomOrder() {
    for steps in [1, 2, 3, 7, 60, 1000] {
      let drawn = order(.weighted, [2, 1, 0.5], steps: steps)
      let expected = TaskSchedule.counts(ratios: [2, 1, 0.5], steps: steps)
      #expect((0..<3).map { task in drawn.count { $0 == task } } == expected)
    }
    let drawn = order(.weighted, [1, 1], counts: [3, 57])
    #expect(drawn.count { $0 == 0 } == 3)
    let even = order(.weighted, [1, 1], steps: 1000)
    #expect(even != order(.weighted, [1, 1], steps: 1000, seed: 2))
    // Mixed well: each tenth of the run has about half of its steps for each task.
    for start in stride(from: 0, to: 1000, by: 100) {
      #expect((25...75).contains(even[start..<start + 100].count { $0 == 0 }))
    }
  }

  @Test func accumulatedTakesAllTasksWithAShare() {
    let schedule = TaskSchedule(.accumulated, seed: 1, ratios: [1, 0, 2], steps: 5)
    #expect(schedule.tasks(at: 3) == [0, 2] && schedule.tasksPerStep == 2)
    #expect(schedule.counts(before: 4) == [4, 0, 4])
  }

  @Test(arguments: TaskSchedule.Kind.allCases) func countsAreThoseOfTheSteps(
    kind: TaskSchedule.Kind
  ) {
    let schedule = TaskSchedule(kind, seed: 3, ratios: [1, 3, 0], steps: 50)
    for step in [0, 1, 17, 50] {
      let tasks = (0..<step).flatMap { schedule.tasks(at: $0) }
      #expect(schedule.counts(before: step) == (0..<3).map { task in tasks.count { $0 == task } })
    }
  }

  @Test func wholeCountsAddUp() {
    #expect(TaskSchedule.counts(ratios: [1, 1, 1], steps: 10) == [4, 3, 3])
    #expect(TaskSchedule.counts(ratios: [0, 1, 2], steps: 1) == [0, 0, 1])
    #expect(TaskSchedule.counts(ratios: [0.1, 0.2, 0.7], steps: 1000) == [100, 200, 700])
  }

  @Test(arguments: [1, 2, 3, 5, 64, 65, 1000]) func aScatteredOrderHasEachNumberOnce(count: Int) {
    let order = ScatteredOrder(count: count, key: RandomKey(seed: 8))
    #expect((0..<count).map { order[$0] }.sorted() == Array(0..<count))
  }
}
