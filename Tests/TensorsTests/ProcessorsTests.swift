import Support
import Testing

@testable import Tensors

@Suite struct ProcessorsTests {
  @Test func thereIsAtLeastOne() {
    #expect(Processors.available >= 1)
  }

  @Test(
    arguments: [
      ("200000 100000\n", 2), ("150000 100000", 2), ("50000 100000", 1), ("1 100000", 1),
      ("max 100000\n", nil), ("", nil), ("100000", nil), ("-1 100000", nil), ("100000 0", nil),
      ("9223372036854775807 1", nil), ("x y", nil),
    ] as [(String, Int?)])
  func aQuotaIsRoundedUp(text: String, processors: Int?) {
    #expect(Processors.whole(newer: text) == processors)
  }

  @Test func theOlderInterfaceMeansTheSame() {
    #expect(Processors.whole(quota: "200000\n", period: "100000\n") == 2)
    #expect(Processors.whole(quota: "-1\n", period: "100000\n") == nil)
  }
}
