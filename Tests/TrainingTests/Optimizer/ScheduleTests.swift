import Testing
import Training

struct ScheduleTests {
  @Test func warmsUpLinearlyThenFallsAsACosine() {
    let schedule = Schedule(.cosine, warmup: 4, steps: 12)
    let factors = (0...12).map { schedule.factor(at: $0) }
    #expect(factors[0...3] == [0.25, 0.5, 0.75, 1])
    #expect(factors[4] == 1)
    #expect(abs(factors[8] - 0.5) < 1e-12)
    #expect(abs(factors[12]) < 1e-12)
    #expect(zip(factors[4...], factors[5...]).allSatisfy { $0 > $1 })
    #expect(schedule.factor(at: 99) == factors[12])
  }

  @Test func staysConstant() {
    let schedule = Schedule(.constant, warmup: 2, steps: 5)
    #expect((0..<5).map { schedule.factor(at: $0) } == [0.5, 1, 1, 1, 1])
  }

  @Test func needsNoWarmUp() {
    #expect(Schedule(.cosine, warmup: 0, steps: 10).factor(at: 0) == 1)
    #expect(Schedule(.cosine, warmup: 10, steps: 10).factor(at: 9) == 1)
  }
}
