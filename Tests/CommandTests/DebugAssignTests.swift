import Testing

struct DebugAssignTests {
  private func assign(_ matrix: String) throws -> Execution {
    try unit("debug", "assign", input: Array(matrix.utf8))
  }

  @Test func leastCostIsFound() throws {
    let run = try assign("[[4, 1, 3], [2, 0, 5], [3, 2, 2]]")
    #expect(run.status == 0)
    #expect(run.text == #"{"rows":[0,1,2],"columns":[1,0,2],"cost":5.0}"# + "\n")
  }

  @Test func moreRowsThanColumnsLeaveRowsOut() throws {
    let run = try assign("[[5], [1], [3]]")
    #expect(run.text == #"{"rows":[1],"columns":[0],"cost":1.0}"# + "\n")
  }

  @Test func moreColumnsThanRowsLeaveColumnsOut() throws {
    let run = try assign("[[-2.5, 1, -7]]")
    #expect(run.text == #"{"rows":[0],"columns":[2],"cost":-7.0}"# + "\n")
  }

  @Test(arguments: ["[]", "[[], []]"])
  func nothingIsAssignedToNothing(matrix: String) throws {
    let run = try assign(matrix)
    #expect(run.status == 0)
    #expect(run.text == #"{"rows":[],"columns":[],"cost":0.0}"# + "\n")
  }

  @Test(arguments: [
    ("", "found nothing"), ("{", "not JSON"), ("3", "found no list"), ("[1, 2]", "at [0]"),
    (#"[[1, "a"]]"#, "at [0][1]"), ("[[1, 2], [3]]", "row 1: expected 2 numbers"),
    ("[[1, NaN]]", "not JSON"), ("[[1e300]]", "row 0, column 0"), ("[[1, null]]", "at [0][1]"),
  ])
  func whatIsNoMatrixIsBadData(matrix: String, words: String) throws {
    expectFailure(try assign(matrix), 65, saying: "standard input", words)
  }

  @Test func bytesThatAreNotTextAreBadData() throws {
    expectFailure(try unit("debug", "assign", input: [0xFF, 0x5B]), 65)
  }

  @Test func deepNestingIsBadData() throws {
    let run = try assign(String(repeating: "[", count: 100_000))
    expectFailure(run, 65)
  }
}
