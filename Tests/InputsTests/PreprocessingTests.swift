import Foundation
import Inputs
import Tensors
import Testing

@Suite struct PreprocessingTests {
  @Test func sizesEqualTheReferences() throws {
    for golden in try ResizeGoldens.read().sizes {
      let original = ImageSize(width: golden[0], height: golden[1])
      for (rounding, at) in [(Preprocessing.Rounding.detr, 4), (.shortestEdge, 6)] {
        let resize = Preprocessing.Resize.shortestSide(
          short: golden[2], longestMaximum: golden[3], rounding: rounding)
        let expected = ImageSize(width: golden[at], height: golden[at + 1])
        #expect(resize.size(of: original) == expected, "\(original) \(rounding)")
      }
    }
  }

  @Test func sizesOfExtremePictures() {
    let resize = Preprocessing.Resize.shortestSide(short: 800, longestMaximum: 1333)
    #expect(
      resize.size(of: ImageSize(width: 1, height: 30_000)) == ImageSize(width: 1, height: 1333))
    #expect(resize.size(of: ImageSize(width: 1, height: 1)) == ImageSize(width: 800, height: 800))
    #expect(
      Preprocessing.Resize.fixed(width: 3, height: 4).size(of: ImageSize(width: 9, height: 9))
        == ImageSize(width: 3, height: 4))
  }

  @Test func normalisedPixelsEqualTorchBitByBit() throws {
    let image = Image(width: 7, height: 5, pixels: generatedBytes(3 * 7 * 5, seed: 1))
    let tensor = Preprocessing(resize: .none)(image)
    #expect(tensor.shape == [3, 5, 7])
    #expect(tensor.elements.map(\.bitPattern) == (try ResizeGoldens.read().normalizedBits))
  }

  @Test func batchesArePaddedAfterNormalisation() {
    let small = Tensor((0..<6).map { Float($0 + 1) }, shape: [3, 1, 2])
    let large = Tensor(repeating: 9, shape: [3, 2, 1])
    let batch = Preprocessing.batch([small, large])
    #expect(batch.pixels.shape == [2, 3, 2, 2])
    #expect(
      batch.pixels.elements == [
        1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0, 0, 9, 0, 9, 0, 9, 0, 9, 0, 9, 0, 9, 0,
      ])
    #expect(batch.mask == [true, true, false, false, true, false, true, false])
    #expect(batch.sizes == [ImageSize(width: 2, height: 1), ImageSize(width: 1, height: 2)])
  }

  @Test func codingRoundTrip() throws {
    for resize in [
      Preprocessing.Resize.none, .fixed(width: 64, height: 48),
      .shortestSide(short: 800, longestMaximum: 1333, rounding: .shortestEdge),
    ] {
      let preprocessing = Preprocessing(resize: resize, filter: .bicubic, mean: [0.5, 0.25, 0])
      let data = try JSONEncoder().encode(preprocessing)
      #expect(try JSONDecoder().decode(Preprocessing.self, from: data) == preprocessing)
    }
  }

  private func refusal(_ json: String) -> String? {
    do {
      _ = try JSONDecoder().decode(Preprocessing.self, from: Data(json.utf8))
      return nil
    } catch DecodingError.dataCorrupted(let context) {
      return context.debugDescription
    } catch {
      return "\(error)"
    }
  }

  @Test func decodingIsStrict() {
    let channels = #""mean": [0, 0, 0], "standard_deviation": [1, 1, 1]"#
    #expect(refusal(#"{"resize": {"kind": "none"}, \#(channels)}"#) == nil)
    #expect(
      refusal(#"{"resize": {"kind": "none"}, "size": 3, \#(channels)}"#)
        == #"the preprocessing has no key "size"; "#
        + "its keys are resize, filter, crop, scale, mean, padding, standard_deviation")
    #expect(
      refusal(#"{"resize": {"kind": "fixed", "width": 3, "height": 3, "short": 1}, \#(channels)}"#)
        == #"the resize "fixed" has no key "short"; its keys are kind, width, height"#)
    #expect(
      refusal(#"{"resize": {"kind": "crop"}, \#(channels)}"#)
        == #"kind: expected one of fixed, shortestSide, within, multipleOf, none, found "crop""#)
    #expect(
      refusal(#"{"resize": {"kind": "fixed", "width": 0, "height": 3}, \#(channels)}"#)
        == "width: expected 1 to 30000 pixels, found 0")
    #expect(
      refusal(#"{"resize": {"kind": "fixed", "width": 30000, "height": 30000}, \#(channels)}"#)
        == "the resize: expected at most 16 million pixels, found 30000 x 30000")
    #expect(
      refusal(#"{"resize": {"kind": "none"}, "mean": [0], "standard_deviation": [1, 1, 1]}"#)
        == "mean: expected 3 numbers, found [0.0]")
    #expect(
      refusal(#"{"resize": {"kind": "none"}, "mean": [0, 0, 0], "standard_deviation": [1, 0, 1]}"#)
        == "standard_deviation: expected 3 numbers above 0, found [1.0, 0.0, 1.0]")
  }
}
