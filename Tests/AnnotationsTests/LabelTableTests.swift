import Foundation
import Testing

@testable import Annotations

@Suite struct LabelTableTests {
  private func table(_ text: String, _ role: LabelTable.Role = .truth) throws -> LabelTable {
    try LabelTable(text: text, file: "a.csv", role: role, column: nil)
  }

  @Test func cellsAreRead() throws {
    let quoted = try table("id,text,label\r\n1,\"a,\"\"b\"\"\r\nc\",x\r\n\r\n2,,\" y \"\r\n")
    #expect(quoted.rows.map(\.label) == ["x", "y"] && quoted.rows.map(\.id) == ["1", "2"])
    #expect(quoted.column == "label")
    // GLUE's quotes are letters.
    let tabbed = try table("index\tsentence\tlabel\n0\t\"a\t1\n1\tb\"\t-1.0\n")
    #expect(tabbed.rows.map(\.label) == ["1", "-1"])
    #expect(try table("yes\nno\n").rows.map(\.label) == ["yes", "no"])
    #expect(try table("prediction,label\n1,2\n", .predictions).column == "prediction")
    #expect(try table("").rows.isEmpty && table("label\n").rows.isEmpty)
  }

  @Test(arguments: [
    ("1", "1"), ("1.0", "1"), ("01", "1"), (" 2 ", "2"), ("-3", "-3"), ("1.5", "1.5"), ("-", "-"),
    ("nan", "nan"), ("infinity", "infinity"), ("1e400", "1e400"), ("", ""), ("a b ", "a b"),
    ("99999999999999999999", "99999999999999999999"),
  ])
  func labelsAreWrittenOneWay(text: String, label: String) {
    #expect(LabelTable.canonical(text) == label)
  }

  @Test func classesAreSorted() throws {
    let rows = try table("10\n9\nb\na\n-1\n")
    let pairs = try LabelPairs(truth: rows, predictions: rows, file: "b")
    #expect(pairs.classes == ["-1", "9", "10", "a", "b"])
    #expect(!pairs.areJoinedByID)
  }

  @Test func examplesThatOccurTwiceAreRefused() throws {
    let truth = try table("id,label\n7,1\n7,0\n8,0\n")
    let found = try table("id,prediction\n7,1\n8,0\n", .predictions)
    let error = #expect(throws: LabelError.self) {
      try LabelPairs(truth: truth, predictions: found, file: "b")
    }
    #expect(error?.found == "ids that occur twice")
  }

  @Test func countedPredictionsBelongToTheLines() throws {
    let truth = try table("id\tis_duplicate\n201\t1\n117\t0\n")
    let found = try table("index\tprediction\n1\t0\n0\t1\n", .predictions)
    // The ids 0 and 1 are not the truth's, but neither are they in the order of the lines.
    #expect(throws: LabelError.self) {
      try LabelPairs(truth: truth, predictions: found, file: "b")
    }
    let counted = try table("index\tprediction\n0\t1\n1\t0\n", .predictions)
    #expect(
      try LabelPairs(truth: truth, predictions: counted, file: "b").predictions == ["1", "0"])
  }
}
