import Checkpoints
import Foundation
import Support
import Tensors
import Testing

@Suite struct SafetensorsFileTests {
  @Test func everyElementTypeReadsAsPyTorchConvertsIt() throws {
    let golden = try Golden("Checkpoints/types.safetensors")
    for name in ["f64", "f16", "bf16", "f16_all"] {
      let (found, expected) = (golden[name].elements, golden["\(name)_as_f32"].elements)
      #expect(found.count == expected.count)
      for (a, b) in zip(found, expected) {
        #expect(a.bitPattern == b.bitPattern || a.isNaN && b.isNaN)
      }
    }
    #expect(golden["f32"].elements.prefix(4) == [0, 0, 1, -2.5])
    #expect(golden["scalar"].shape == [] && golden["scalar"].scalar == 7.5)
    #expect(golden["empty"].shape == [3, 0, 2])
    let whole = [0, 1, 127, 5, 42, 100]
    #expect(golden.integers("i64") == whole)
    for name in ["i32", "i16", "i8"] { #expect(golden.integers(name) == whole.map { -$0 }) }
    #expect(golden.integers("u8") == whole.map { ($0 + 128) % 256 })
    #expect(golden.booleans("bool") == whole.map { $0 > 4 })
    #expect(golden.integers("big") == [4_611_686_018_427_387_905, Int.min])
    #expect(golden["i8"].elements == whole.map { -Float($0) })
    #expect(golden["bool"].shape == [2, 3])
    #expect(golden.file.metadata == ["format": "pt", "note": "Größe \"1\"\n"])
  }

  @Test func tensorsReferToTheMappingAndOutliveTheFile() throws {
    try withFolder { folder in
      let path = folder + "/a.safetensors"
      try writeSafetensors([("x", Tensor([1, 2, 3]))], to: path)
      var file: SafetensorsFile? = try SafetensorsFile(contentsOf: path)
      var x = try file!.tensor("x")
      let again = try file!.tensor("x")
      #expect(x.withPointer { first in again.withPointer { $0 == first } })
      #expect(x.withPointer { UInt(bitPattern: $0) % 64 == 0 })
      file = nil
      unlink(path)
      x.withMutablePointer { $0[0] = 9 }
      #expect(x.elements == [9, 2, 3])
      #expect(again.elements == [1, 2, 3])
    }
  }

  @Test func unalignedFloatsAreCopied() throws {
    let header = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} "#
    try withFile(header: header, data: [0, 0, 128, 63, 0, 0, 0, 64]) { path in
      #expect((8 + header.utf8.count) % 4 != 0)
      let file = try SafetensorsFile(contentsOf: path)
      #expect(try file.tensor("a").elements == [1, 2])
    }
  }

  @Test func rowsAreReadAlone() throws {
    try withFolder { folder in
      let path = folder + "/a.safetensors"
      let x = Tensor((0..<12).map(Float.init), shape: [4, 3])
      try writeSafetensors([("x", x)], to: path)
      let file = try SafetensorsFile(contentsOf: path)
      let rows = try file.tensor("x", rows: 1..<3)
      #expect(rows.shape == [2, 3] && rows.elements == [3, 4, 5, 6, 7, 8])
      #expect(try file.tensor("x", rows: 4..<4).shape == [0, 3])
      #expect(throws: CheckpointError.self) { try file.tensor("x", rows: 3..<5) }
    }
  }

  @Test func wrongRequestsAreWorded() throws {
    let file = try Golden("Checkpoints/types.safetensors").file
    let path = file.path
    let missing = #expect(throws: CheckpointError.self) { try file.tensor("scaler") }
    #expect(
      missing?.description == """
        '\(path)' has no entry 'scaler', the closest name is 'scalar'; \
        check that the weights belong to this configuration
        """)
    let wrong = #expect(throws: CheckpointError.self) { try file.tensor("i8", shape: [3, 2]) }
    #expect(
      wrong?.description == """
        '\(path)', entry 'i8': expected the shape [3, 2], found [2, 3]; \
        check that the weights belong to this configuration
        """)
    #expect(
      throws: CheckpointError.wrongElementType(
        file: path, entry: "f16", expected: "whole numbers", found: "F16")
    ) { try file.integers("f16") }
  }

  @Test func whatIsNoFileIsRefused() throws {
    try withFolder { folder in
      let absent = #expect(throws: CheckpointError.self) {
        try SafetensorsFile(contentsOf: folder + "/absent")
      }
      #expect(
        absent?.description == "cannot read '\(folder)/absent': No such file or directory")
      let directory = #expect(throws: CheckpointError.self) {
        try SafetensorsFile(contentsOf: folder)
      }
      #expect(
        directory?.description
          == "cannot read '\(folder)': it is a directory; name the file inside it")
      mkfifo(folder + "/pipe", 0o600)
      #expect(throws: CheckpointError.self) {
        try SafetensorsFile(contentsOf: folder + "/pipe")
      }
    }
  }
}
