import Checkpoints
import Foundation
import Support
import Tensors
import Testing

/// Files that PyTorch wrote, against the values that PyTorch saw in them.
@Suite struct PyTorchTests {
  static let files = [
    ("types", "types"), ("types.legacy", "types"), ("views", "views"), ("views.legacy", "views"),
    ("training", "state"), ("training.legacy", "state"), ("protocol4", "state"),
    ("protocol5", "state"), ("parallel", "state"), ("nested", "nested"),
  ]

  static func open(_ name: String) throws -> any TensorArchive {
    try openCheckpoint(Golden.path("Checkpoints/PyTorch/\(name)"))
  }

  /// Every tensor, its type and its shape, bit for bit.
  static func expectSame(_ archive: any TensorArchive, as name: String) throws {
    let golden = try Golden("Checkpoints/PyTorch/\(name).safetensors")
    #expect(archive.entries.map(\.name).sorted() == golden.names.sorted())
    let tensors = try archive.tensors()
    for entry in archive.entries {
      let expected = try golden.file.entry(entry.name)
      #expect(entry.type == expected.type && entry.shape == expected.shape, "\(entry.name)")
      let found = try archive.tensor(entry.name)
      #expect(found.shape == expected.shape)
      #expect(
        found.elements.map(\.bitPattern) == golden[entry.name].elements.map(\.bitPattern),
        "\(entry.name)")
      #expect(tensors[entry.name]?.elements.map(\.bitPattern) == found.elements.map(\.bitPattern))
      if entry.type.isInteger {
        #expect(try archive.integers(entry.name) == golden.integers(entry.name))
      } else {
        #expect(throws: CheckpointError.self) { try archive.integers(entry.name) }
      }
    }
  }

  @Test(arguments: files) func valuesAreTheOriginals(_ file: String, _ golden: String) throws {
    let archive = try Self.open("\(file).pth")
    #expect(archive.format == (file.hasSuffix("legacy") ? "PyTorch before 1.6" : "PyTorch"))
    try Self.expectSame(archive, as: golden)
  }

  @Test(arguments: ["views", "views.legacy"]) func aliasesAreSeen(_ file: String) throws {
    let archive = try Self.open("\(file).pth")
    let aliases = Dictionary(uniqueKeysWithValues: archive.entries.map { ($0.name, $0.alias) })
    let shared = aliases.filter { $0.value != nil }.keys.sorted()
    #expect(shared == ["decoder.weight", "embedding", "matrix", "matrix.again"])
    #expect(aliases["embedding"] == aliases["decoder.weight"])
    #expect(aliases["matrix"] == aliases["matrix.again"])
    #expect(aliases["matrix"] != aliases["embedding"])
    let tensors = try archive.tensors()
    #expect(
      tensors["embedding"]!.withPointer { a in
        tensors["decoder.weight"]!.withPointer { a == $0 }
      })
  }

  @Test func plainTensorsReferToTheMapping() throws {
    let archive = try Self.open("views.pth")
    let (a, b) = (try archive.tensor("base"), try archive.tensor("base"))
    #expect(a.withPointer { first in b.withPointer { first == $0 } })
    #expect(try archive.tensor("offset").elements == (7..<19).map(Float.init))
  }

  @Test func missingNamesAreWorded() throws {
    let archive = try Self.open("views.pth")
    let error = #expect(throws: CheckpointError.self) { try archive.tensor("cubes") }
    #expect(error?.description.contains("the closest name is 'cube'") == true)
  }

  @Test(arguments: ["training", "training.legacy", "protocol4", "protocol5"])
  func whatStandsBesideTheWeightsIsKept(_ file: String) throws {
    let document = try #require(try Self.open("\(file).pth").document)
    #expect(document["model"] == nil)
    #expect(document["epoch"] == .integer(7))
    #expect(document["best_metric_value"] == .number(0.625))
    #expect(document["steps"] == .integer(12))
    #expect(document["flag"] == .bool(true))
    #expect(document["nothing"] == CheckpointValue.none)
    #expect(document["note"] == .text("Größe"))
    #expect(document["size"] == .list([.integer(2), .integer(3)]))
    #expect(document["set"] == .list([.integer(3)]))
    #expect(document["big"] == .bytes(count: 9))
    #expect(document["bytes"] == .bytes(count: 2))
    #expect(document["default"]?["a"] == .list([.integer(1)]))
    #expect(document["dtype"] == .text("torch.float32"))
    #expect(document["device"] == .object(className: "torch.device", parts: [.text("cpu")]))
    #expect(document["rng"] == .tensor(type: .uint8, shape: [8]))
    #expect(
      document["config"]?["model_config"]?["unit"]?["heads"]
        == .list([.text("vqa2"), .text("detection")]))
    let moments = try #require(document["optimizer"]?["state"])
    guard case .dictionary(let states) = moments else { return #expect(Bool(false)) }
    #expect(states.first?.value["exp_avg"] == .tensor(type: .float32, shape: [2, 3]))
    guard case .object("argparse.Namespace", let parts)? = document["args"] else {
      return #expect(Bool(false))
    }
    #expect(parts.last?["backbone"] == .text("resnet50"))
    #expect(parts.last?["lr"] == .number(1e-4))
  }

  @Test func aFlatFileKeepsOnlyWhatIsNoTensor() throws {
    #expect(try Self.open("types.pth").document == nil)
    #expect(
      try Self.open("nested.pth").document
        == .dictionary([.init(key: .text("note"), value: .text("flat"))]))
  }

  @Test func severalFilesAreOneArchive() throws {
    for folder in ["sharded-bin", "sharded-safetensors"] {
      let archive = try Self.open(folder)
      #expect(archive.format.hasSuffix(", 2 files"))
      try Self.expectSame(archive, as: "sharded")
      #expect(throws: CheckpointError.self) { try archive.tensor("d") }
    }
  }

  @Test func theModelZoosArchiveIsReadInPlace() throws {
    let archive = try Self.open("zoo.tar.gz")
    #expect(archive.format == "PyTorch in a tar archive")
    #expect(archive.metadata["unit/config.yaml"] == "model_config:\n  unit:\n    heads: 8\n")
    #expect(archive.document?["epoch"] == .integer(1))
    try Self.expectSame(archive, as: "state")
  }
}
