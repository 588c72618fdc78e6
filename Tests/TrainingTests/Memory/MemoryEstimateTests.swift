import Testing

@testable import Training

struct MemoryEstimateTests {
  @Test func countsWhatTheOptimiserKeeps() throws {
    let numbers = 16 * 6 + 16 + 2 * (3 * 16 + 3)
    for (overrides, copies) in [
      ([], 5), (["ema=~"], 4), (["accumulate=2"], 6), (["sampling={schedule: accumulated}"], 6),
    ] {
      let trainer = try Toy.trainer(TemporaryFolder().path, overrides: overrides)
      #expect(try trainer.memoryEstimate().kept == 4 * copies * numbers)
    }
    let frozen = try Toy.trainer(
      TemporaryFolder().path, overrides: ["optimizer.freeze=['left.*']", "ema=~"])
    #expect(try frozen.memoryEstimate().kept == 4 * 4 * (numbers - 51))
  }

  @Test func leavesTheRunAsItIs() throws {
    let (measured, plain) = (Toy(), Toy())
    let trainer = try Toy.trainer(TemporaryFolder().path, model: measured)
    let estimate = try trainer.memoryEstimate()
    #expect(estimate.present > 1 << 20 && estimate.pass != nil)
    #expect(try #require(estimate.available) > 1 << 20)
    #expect(["left", "right"].contains(estimate.task))
    _ = try trainer.runUndisturbed()
    _ = try Toy.trainer(TemporaryFolder().path, model: plain).runUndisturbed()
    #expect(measured.bits == plain.bits)
  }

  @Test func measuresPeaks() async {
    // In a process of its own: other tests take and give back memory meanwhile.
    await #expect(processExitsWith: .success) {
      let before = ProcessMemory.resident
      ProcessMemory.forgetPeak()
      let large = [UInt8](repeating: 1, count: 96 << 20)
      #expect(large.withUnsafeBytes { $0[95 << 20] } == 1)
      #expect(ProcessMemory.peak - before > 64 << 20)
    }
  }

  @Test func isWordedInALine() {
    let gigabyte = 1 << 30
    let fits = MemoryEstimate(
      kept: 3 * gigabyte, pass: gigabyte / 2, task: "vqa", present: gigabyte,
      available: 8 * gigabyte)
    #expect(
      fits.line
        == "memory: about 4.5 GiB (optimiser 3.0 GiB, pass of task 'vqa' 512 MiB, program and data "
        + "1.0 GiB), 8.0 GiB are free")
    #expect(fits.warning == nil)
    let large = MemoryEstimate(
      kept: 3 * gigabyte, pass: nil, task: nil, present: gigabyte, available: gigabyte)
    #expect(large.warning?.hasPrefix("warning: this is more memory than the machine has") == true)
    #expect(
      large.line
        == "memory: about 4.0 GiB (optimiser 3.0 GiB, program and data 1.0 GiB), 1.0 GiB are free")
  }
}
