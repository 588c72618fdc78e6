import Models
import Support
import Tensors
import Testing

@Suite struct RenameTableTests {
  private let table = RenameTable(
    """
    # a comment, and an empty line

    a.<n>.q.<p> + a.<n>.k.<p> = b.<n>.in_<p>
    a.<n>.fc1.<p> = b.<n>.linear1.<p>
    a.<n>.mlp.fc1.<p> = b.<n>.linear1.<p>
    stages.<s>.conv<k+1>.w = layer<s+1>.<k>.w
    root.<rest...> = trunk.<rest...>
    """)

  private func tensor(_ rows: Int, from start: Float = 0) -> Tensor {
    Tensor((0..<rows * 2).map { start + Float($0) }, shape: [rows, 2])
  }

  @Test func partsAreJoinedInTheOrderOfTheRule() throws {
    let renamed = try table.canonical(
      ["a.0.k.weight": tensor(1, from: 10), "a.0.q.weight": tensor(2)], file: "f")
    #expect(renamed.keys.sorted() == ["b.0.in_weight"])
    #expect(renamed["b.0.in_weight"]?.elements == [0, 1, 2, 3, 10, 11])
  }

  @Test func numbersAreShifted() throws {
    let renamed = try table.canonical(["stages.2.conv1.w": tensor(1)], file: "f")
    #expect(renamed.keys.sorted() == ["layer3.0.w"])
    #expect(table.original([("layer3.0.w", tensor(1))]).map(\.name) == ["stages.2.conv1.w"])
  }

  @Test func numbersThatAreNoneOrTooSmallDoNotFit() throws {
    let names = ["stages.x.conv1.w", "stages.2.conv0.w", "stages.2.convx.w", "root."]
    for name in names {
      #expect(try table.canonical([name: tensor(1)], file: "f").keys.sorted() == [name])
    }
  }

  @Test func restHoldsDots() throws {
    let renamed = try table.canonical(["root.x.y.z": tensor(1), "roots.x": tensor(1)], file: "f")
    #expect(renamed.keys.sorted() == ["roots.x", "trunk.x.y.z"])
  }

  @Test func wayBackUsesTheFirstSpelling() {
    let back = table.original([("b.7.linear1.bias", tensor(1)), ("other", tensor(1))])
    #expect(back.map(\.name) == ["a.7.fc1.bias", "other"])
  }

  @Test func wayBackSplitsEvenly() {
    let back = table.original([("b.0.in_weight", tensor(4))])
    #expect(back.map(\.name) == ["a.0.q.weight", "a.0.k.weight"])
    #expect(back.map(\.tensor.elements) == [[0, 1, 2, 3], [4, 5, 6, 7]])
  }

  @Test func missingPartIsNamed() {
    #expect(
      throws: RenameError.missingPart(file: "f", missing: "a.0.k.bias", present: "a.0.q.bias")
    ) { try table.canonical(["a.0.q.bias": tensor(1)], file: "f") }
  }

  @Test func partsOfUnequalWidthAreNamed() {
    let tensors = ["a.0.q.w": tensor(2), "a.0.k.w": Tensor([1, 2, 3], shape: [1, 3])]
    #expect(
      throws: RenameError.unequalParts(
        file: "f", first: "a.0.q.w", firstShape: [2, 2], second: "a.0.k.w", secondShape: [1, 3])
    ) { try table.canonical(tensors, file: "f") }
    #expect(throws: RenameError.self) {
      try table.canonical(["a.0.q.w": Tensor(1), "a.0.k.w": Tensor(2)], file: "f")
    }
  }

  @Test func twoSpellingsOfOneParameterAreNamed() {
    let tensors = ["a.0.fc1.w": tensor(1), "a.0.mlp.fc1.w": tensor(1)]
    #expect(
      throws: RenameError.collision(file: "f", first: "a.0.fc1.w", second: "a.0.mlp.fc1.w")
    ) { try table.canonical(tensors, file: "f") }
  }

  @Test func errorsSayWhatToDo() {
    #expect(
      RenameError.collision(file: "m.bin", first: "x", second: "y").description
        == "m.bin: 'x' and 'y' are two spellings of one parameter; remove one of them.")
    #expect(
      RenameError.missingPart(file: "m.bin", missing: "k", present: "q").description
        == "m.bin: expected the tensor 'k' beside 'q', it is not there. "
        + "The file is incomplete; fetch it again.")
  }
}
