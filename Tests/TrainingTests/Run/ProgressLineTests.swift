import Testing
import Training

struct ProgressLineTests {
  @Test func rewritesOneLineOnATerminal() {
    var written = ""
    var line = ProgressLine(isTerminal: true, interval: 1) { written += $0 }
    line.show(now: 0) { "long line" }
    line.show(now: 0.5) { "not shown" }
    line.show(now: 1.5) { "short" }
    line.end()
    line.end()
    #expect(written == "\rlong line\rshort    \n")
  }

  @Test func writesALineNowAndThenElsewhere() {
    var written = ""
    var line = ProgressLine(isTerminal: false) { written += $0 }
    line.show(now: 0) { "a" }
    line.show(now: 9) { "b" }
    line.show(now: 10.5) { "c" }
    line.show(now: 11, isLast: true) { "d" }
    line.end()
    #expect(written == "a\nc\nd\n")
  }

  @Test(arguments: [
    (0.0, "00:00:00"), (3723.9, "01:02:03"), (360_000, "100:00:00"), (-1, "00:00:00"),
  ])
  func clock(seconds: Double, text: String) {
    #expect(ProgressLine.clock(seconds) == text)
  }
}
