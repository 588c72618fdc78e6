import Checkpoints
import Foundation
import Tensors
import Testing

@Suite struct WritingTests {
  @Test func whatIsWrittenReadsBack() throws {
    try withFolder { folder in
      let path = folder + "/m.safetensors"
      let tensors: [(name: String, tensor: Tensor)] = [
        ("z", Tensor([1, -0.0, .infinity, .leastNonzeroMagnitude], shape: [2, 2])),
        ("a\"\\\n\u{1}é", Tensor(5)), ("none", Tensor([], shape: [0, 3])),
      ]
      try writeSafetensors(tensors, metadata: ["b": "2", "a": "\t1"], to: path)
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.entries.map(\.name).sorted() == tensors.map(\.name).sorted())
      #expect(file.metadata == ["b": "2", "a": "\t1"])
      for (name, tensor) in tensors {
        let found = try file.tensor(name)
        #expect(found.shape == tensor.shape)
        #expect(found.elements.map(\.bitPattern) == tensor.elements.map(\.bitPattern))
      }
      #expect(try file.entries[0].name == "z" && file.offsets(of: "z") == 0..<16)
      let first = try Data(contentsOf: URL(fileURLWithPath: path))
      try writeSafetensors(tensors, metadata: ["a": "\t1", "b": "2"], to: path)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == first)
    }
  }

  @Test func theHeaderIsPaddedAndInOrder() throws {
    try withFolder { folder in
      let path = folder + "/m.safetensors"
      try writeSafetensors([("b", Tensor([1])), ("a", Tensor([2]))], to: path)
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let header =
        #"{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#
      #expect(bytes.count == 128 + 8 && bytes[0] == 120)
      #expect(
        String(decoding: bytes[8..<128], as: UTF8.self)
          == header.padding(toLength: 120, withPad: " ", startingAt: 0))
    }
  }

  @Test func aFailureLeavesTheOldContentAndNoTemporaryFile() throws {
    struct Stop: Error {}
    try withFolder { folder in
      let path = folder + "/f"
      try writeAtomically(Array("old".utf8), to: path)
      #expect(throws: Stop.self) {
        try writeAtomically(to: path) { write in
          try Array("new".utf8).withUnsafeBytes { try write($0) }
          throw Stop()
        }
      }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["f"])
      try writeAtomically(Array("new".utf8), to: path)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    }
  }

  @Test func linksStayLinksAndRightsStayRights() throws {
    try withFolder { folder in
      let (real, link) = (folder + "/real", folder + "/link")
      try writeAtomically([UInt8]("1".utf8), to: real)
      chmod(real, 0o640)
      symlink("real", link)
      try writeAtomically([UInt8]("2".utf8), to: link)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real")
      #expect(try String(contentsOfFile: real, encoding: .utf8) == "2")
      let attributes = try FileManager.default.attributesOfItem(atPath: real)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640)
    }
  }

  @Test func whatCannotBeWrittenIsWorded() throws {
    try withFolder { folder in
      for (path, words) in [
        (folder, "it is a directory; name a file inside it"),
        (folder + "/no/such", "No such file or directory; create the folder first"),
        ("", "the name is empty"), ("/proc/version/x", "Not a directory"),
        ("/dev/full", "No space left on device"),
      ] {
        let error = #expect(throws: CheckpointError.self) {
          try writeAtomically([1, 2, 3] as [UInt8], to: path)
        }
        #expect(error?.description == "cannot write '\(path)': \(words)")
      }
    }
    try writeAtomically([1] as [UInt8], to: "/dev/null")
  }
}
