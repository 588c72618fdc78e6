import Checkpoints
import Foundation
import Support
import Tensors
import Testing

/// Choosing the reader by content, folders, and indexes of several files.
@Suite struct OpeningTests {
  @Test func theNameDoesNotMatter() throws {
    try withFolder { folder in
      for (source, format) in [
        ("types.safetensors", "safetensors"), ("types.pth", "PyTorch"),
        ("types.legacy.pth", "PyTorch before 1.6"), ("zoo.tar.gz", "PyTorch in a tar archive"),
      ] {
        let path = folder + "/anything"
        let bytes = try Data(
          contentsOf: URL(fileURLWithPath: Golden.path("Checkpoints/PyTorch/\(source)")))
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(try openCheckpoint(path).format == format)
      }
    }
  }

  static let others: [(String, String)] = [
    ("", "is an empty file, not a file of weights: expected safetensors"),
    ("version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer (`git lfs pull`"),
    ("<!DOCTYPE html>", "is a web page"),
    ("\u{80}\u{2}", "is a file that begins with the bytes c2 80 2"),
    ("hello", "is a file that begins with the bytes 68 65 6c 6c 6f, not a file of weights"),
  ]

  @Test(arguments: others) func otherFilesAreNamed(_ text: String, _ words: String) throws {
    let refusal = try refusal(Array(text.utf8))
    #expect(refusal.contains(words), "\(refusal)")
  }

  @Test func aBarePickleIsNamed() throws {
    #expect(try refusal([0x80, 2, 0x4E, 0x2E]).contains("is a bare pickle"))
  }

  @Test func aFolderMustHaveOneFileOfWeights() throws {
    try withFolder { folder in
      #expect(throws: CheckpointError.unclearWeights(file: folder, found: [])) {
        try openCheckpoint(folder)
      }
      try Data().write(to: URL(fileURLWithPath: folder + "/config.json"))
      try writeSafetensors([("x", Tensor(1))], to: folder + "/a.safetensors")
      #expect(try openCheckpoint(folder).path == folder + "/a.safetensors")
      try writeSafetensors([("y", Tensor(1))], to: folder + "/b.safetensors")
      let error = #expect(throws: CheckpointError.self) { try openCheckpoint(folder) }
      #expect(
        error?.description == """
          '\(folder)': expected one file of weights, found 'a.safetensors', 'b.safetensors'; \
          name the file itself
          """)
      try writeSafetensors([("z", Tensor(1))], to: folder + "/model.safetensors")
      #expect(try openCheckpoint(folder).entries.map(\.name) == ["z"])
      #expect(throws: CheckpointError.self) { try openCheckpoint(folder + "/absent") }
    }
  }

  static let indexes: [(String, String)] = [
    ("{}", "is not a valid index of weights: expected a 'weight_map'"),
    (#"{"weight_map":{}}"#, "expected a 'weight_map' with the file of each tensor, found none"),
    (#"{"weight_map":{"x":"one"},"weight_map":{}}"#, "expected one 'weight_map', found two"),
    (#"{"weight_map":{"x":"one","x":"one"}}"#, "entry 'x': expected one entry of this name"),
    (#"{"weight_map":{"x":1}}"#, "expected a string, found '1'"),
    (#"{"weight_map":{"x":"../one"}}"#, "expected the plain name of a file beside the index"),
    (#"{"weight_map":{"x":"/etc/passwd"}}"#, "found '/etc/passwd'"),
    (#"{"weight_map":{"x":"a\\b"}}"#, "found 'a\\b'"),
    (#"{"weight_map":{"x":".."}}"#, "found '..'"),
    (#"{"weight_map":{"x":"."}}"#, "found '.'"),
    (#"{"weight_map":{"x":""}}"#, "found ''"),
    (#"{"weight_map":{"x":"one\u0000"}}"#, #"found 'one\0'"#),
    (#"{"weight_map":{"x":"absent"}}"#, "cannot read '"),
    (#"{"weight_map":{"x":"index.json"}}"#, "named by an index and itself an index"),
    (
      #"{"weight_map":{"x":"one"}}"#, "entry 'y': expected 'one', which has it, found no such name"
    ),
    (
      #"{"weight_map":{"x":"one","y":"two"}}"#,
      "entry 'y': expected 'one', which has it, found 'two'"
    ),
    (
      #"{"weight_map":{"x":"one","y":"one","w":"two"}}"#,
      "entry 'z': expected 'two', which has it, found no such name"
    ),
    (
      #"{"weight_map":{"x":"one","y":"one","w":"one"}}"#,
      "entry 'w': expected it in 'one', as the index says, found none"
    ),
    (#"{"weight_map":{"x":"one"}"#, "expected '}', found the end"),
    (
      #"{"a":"# + String(repeating: "[", count: 100) + "]}",
      "at most 64 levels of nesting, found more"
    ),
  ]

  @Test(arguments: indexes) func indexesAreChecked(_ text: String, _ words: String) throws {
    try withFolder { folder in
      try writeSafetensors([("x", Tensor(1)), ("y", Tensor(2))], to: folder + "/one")
      try writeSafetensors([("z", Tensor(3))], to: folder + "/two")
      let path = folder + "/index.json"
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: CheckpointError.self) { try openCheckpoint(path) }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }

  @Test func anIndexIsLimited() throws {
    let many = (0..<65_537).map { "\"\($0)\":\"one\"" }.joined(separator: ",")
    #expect(
      try refusal(Array("{\"weight_map\":{\(many)}}".utf8)).contains("the limit is 65536 entries"))
    let files = (0..<1_025).map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",")
    #expect(
      try refusal(Array("{\"weight_map\":{\(files)}}".utf8)).contains("the limit is 1024 files"))
  }
}
