import Foundation
import Support
import Tensors
import Testing

@testable import Checkpoints

/// Rounding to the element types of half the size.
@Suite struct StorageTypeTests {
  @Test func numbersAreRoundedAsPyTorchDoes() throws {
    let golden = try Golden("Checkpoints/rounding.safetensors")
    for (name, bits) in [("f16", \Float.halfBits), ("bf16", \Float.bfloatBits)] {
      let expected = try golden.file.withBytes(of: name) { bytes in
        (0..<bytes.count / 2).map { bytes.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self) }
      }
      #expect(expected.count == 4096)
      for (float, expected) in zip(golden["f32"].elements, expected) where !float.isNaN {
        #expect(float[keyPath: bits] == expected, "\(float)")
      }
    }
    for float in golden["f32"].elements where float.isNaN {
      #expect(Float(halfBits: float.halfBits).isNaN)
      #expect(Float(bitPattern: UInt32(float.bfloatBits) << 16).isNaN)
    }
  }

  @Test func everyHalfStaysItself() {
    for bits in UInt16.min ... .max {
      let float = Float(halfBits: bits)
      #expect(float.isNaN ? Float(halfBits: float.halfBits).isNaN : float.halfBits == bits)
    }
  }

  /// Halfway between two neighbours the even one is taken, and beside it the nearer one.
  @Test func tiesGoToTheEvenHalf() {
    for bits in UInt16(0)..<0x7BFF {
      let (low, high) = (Float(halfBits: bits), Float(halfBits: bits + 1))
      let middle = (low + high) / 2
      #expect(middle.halfBits == bits + bits % 2)
      #expect(middle.nextDown.halfBits == bits && middle.nextUp.halfBits == bits + 1)
      #expect((-middle).halfBits == 0x8000 | (bits + bits % 2))
    }
  }

  @Test(arguments: [(ElementType.float16, "F16"), (.bfloat16, "BF16"), (.float32, "F32")])
  func whatIsStoredReadsBack(_ type: ElementType, _ name: String) throws {
    let values: [Float] = [0, -0.0, 1, -2.5, 0.1, 65504, .infinity, -.infinity, .nan, 1e-7]
    let many = (0..<70_000).map { Float($0 % 251) }
    try withFolder { folder in
      let path = folder + "/m.safetensors"
      try writeSafetensors(
        [("a", Tensor(values, shape: [2, 5])), ("many", Tensor(many)), ("b", Tensor(7))],
        elementType: type, to: path)
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.entries.allSatisfy { $0.type == type && $0.type.rawValue == name })
      #expect(try file.offsets(of: "many") == 10 * type.size..<70_010 * type.size)
      #expect(try file.tensor("many").elements == many)
      #expect(try file.tensor("b").scalar == 7)
      let found = try file.tensor("a").elements
      let scale: Float = type == .float32 ? 0 : type == .float16 ? 0x1p-11 : 0x1p-8
      for (a, b) in zip(values, found) where !a.isNaN {
        #expect(a == b || abs(a - b) <= max(abs(a) * scale, 0x1p-25), "\(a) \(b)")
      }
      #expect(found[8].isNaN && found[1].sign == .minus)
    }
  }

  @Test func aNumberThatIsTooLargeIsNamedAndNothingIsWritten() throws {
    try withFolder { folder in
      let path = folder + "/m.safetensors"
      try writeAtomically(Array("old".utf8), to: path)
      let tensors: [(name: String, tensor: Tensor)] = [
        ("fine", Tensor([65519, -65519])), ("huge", Tensor([1, -65520])),
      ]
      let error = #expect(throws: CheckpointError.self) {
        try writeSafetensors(tensors, elementType: .float16, to: path)
      }
      #expect(
        error?.description == """
          cannot write '\(path)': the tensor 'huge' holds -65520.0, the largest number of type \
          F16 is 65504.0; choose another type
          """)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      try writeSafetensors(tensors, elementType: .bfloat16, to: path)
      #expect(throws: CheckpointError.self) {
        try writeSafetensors(
          [("max", Tensor(.greatestFiniteMagnitude))], elementType: .bfloat16, to: path)
      }
    }
  }
}
