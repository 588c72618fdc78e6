import Testing

@testable import Training

struct LoggedStepTests {
  private func step(
    _ task: String, _ loss: Double, _ terms: [(name: String, value: Double)]
  ) -> LoggedStep {
    LoggedStep(
      step: 120, task: task, loss: loss, terms: terms, rate: 1e-4, gradientNorm: 3,
      samplesPerSecond: 2.13, memory: 5_240_000_000)
  }

  @Test func theLineIsShort() {
    let step = step(
      "detection", 12.31, [("loss_ce", 1.9), ("loss_giou", 1.25), ("loss_ce_0", 2)])
    #expect(
      step.line(total: 880, secondsLeft: 4323, others: [("vqa", 0.314)])
        == "step 120/880 eta 01:12:03 detection loss 12.3 (ce 1.9 giou 1.25), vqa 0.314"
        + " lr 1e-4 2.13 samples/s mem 5.2G")
  }

  @Test func tagsGroupWhatBelongsToATask() {
    let one = step("vqa", 0.5, [("cross_entropy", 0.5), ("loss_extra", 1)])
    #expect(
      one.scalars.map(\.tag) == [
        "vqa/loss", "vqa/loss_cross_entropy", "vqa/loss_extra", "vqa/samples_per_second",
        "training/loss", "training/lr", "training/grad_norm", "training/memory_bytes",
      ])
    let two = step("a+b", 2, [("a/loss", 1), ("a/loss_ce", 0.5), ("b/loss", 3)])
    #expect(
      two.scalars.prefix(4).map(\.tag) == [
        "a/loss", "b/loss", "a/loss_ce", "a+b/samples_per_second",
      ])
    #expect(two.losses.map(\.task) == ["a", "b"] && two.losses.map(\.loss) == [1, 3])
  }
}
