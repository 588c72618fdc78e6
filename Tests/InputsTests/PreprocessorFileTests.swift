import Foundation
import Inputs
import Testing

/// Reading and writing `preprocessor_config.json`.
@Suite struct PreprocessorFileTests {
  private func read(_ entries: String, type: String = "DetrImageProcessor") throws
    -> Preprocessing
  {
    let json = #"{"image_processor_type": "\#(type)"\#(entries.isEmpty ? "" : ", ")\#(entries)}"#
    return try Preprocessing(huggingFace: Data(json.utf8), file: "p.json")
  }

  private func refusal(_ entries: String, type: String = "DetrImageProcessor") -> String? {
    do {
      _ = try read(entries, type: type)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func theOldAndTheNewSpellingsOfDETRAreTheSame() throws {
    let old = #"""
      {"do_normalize": true, "do_resize": true, "feature_extractor_type": "DetrFeatureExtractor",
       "format": "coco_detection", "image_mean": [0.485, 0.456, 0.406],
       "image_std": [0.229, 0.224, 0.225], "max_size": 1333, "size": 800}
      """#
    let expected = Preprocessing(
      resize: .shortestSide(short: 800, longestMaximum: 1333, rounding: .huggingFace))
    #expect(try Preprocessing(huggingFace: Data(old.utf8), file: "p.json") == expected)
    #expect(try read("") == expected)
    #expect(try read("", type: "DetrImageProcessorFast") == expected)
    #expect(HuggingFaceProcessor.detr.standard == expected)
    let new = #"""
      "do_resize": true, "size": {"longest_edge": 1333, "shortest_edge": 800}, "resample": 2,
      "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true,
      "do_pad": true, "pad_size": null, "crop_size": null, "device": null,
      "do_center_crop": null, "do_convert_annotations": true, "format": "coco_detection"
      """#
    #expect(try read(new, type: "ConditionalDetrImageProcessor") == expected)
  }

  @Test func defaultsAreThoseOfTheProcessor() throws {
    #expect(
      try read("", type: "ViltImageProcessor")
        == Preprocessing(
          resize: .multipleOf(divisor: 32, short: 384, longestMaximum: 639), filter: .bicubic,
          mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5]))
    #expect(
      try read(#""size": 224, "resample": 3, "crop_pct": 0.875"#, type: "ConvNextFeatureExtractor")
        == Preprocessing(
          resize: .shortestSide(short: 256, longestMaximum: nil), filter: .bicubic,
          crop: ImageSize(width: 224, height: 224), mean: [0.5, 0.5, 0.5],
          standardDeviation: [0.5, 0.5, 0.5]))
    #expect(
      try read(#""size": 32, "do_center_crop": false"#, type: "CLIPImageProcessor").crop == nil)
    #expect(try read(#""pad_size": {"height": 70, "width": 90}"#).padding?.width == 90)
    #expect(try read(#""do_rescale": false"#).scale == 1)
    #expect(try read(#""do_normalize": false"#).standardDeviation == [1, 1, 1])
  }

  @Test func batchesAreAtLeastAsLargeAsThePadding() {
    let preprocessing = Preprocessing(resize: .none, padding: ImageSize(width: 4, height: 2))
    let batch = preprocessing.batch([Image(width: 3, height: 3, filledWith: (9, 9, 9))])
    #expect(batch.pixels.shape == [1, 3, 3, 4])
    #expect(batch.sizes == [ImageSize(width: 3, height: 3)])
    #expect(batch.pixels.elements[3] == 0 && !batch.mask[3])
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let cases: [(HuggingFaceProcessor, Preprocessing)] = [
      (.detr, HuggingFaceProcessor.detr.standard),
      (.conditionalDetr, Preprocessing(resize: .within(width: 70, height: 50), filter: .lanczos)),
      (
        .detr,
        Preprocessing(
          resize: .fixed(width: 64, height: 48), scale: 0.5, mean: [0.1, 0.2, 0.3],
          padding: ImageSize(width: 70, height: 60))
      ),
      (.detr, Preprocessing(resize: .none, filter: .nearest)),
      (.vilt, HuggingFaceProcessor.vilt.standard), (.vit, HuggingFaceProcessor.vit.standard),
      (.deit, HuggingFaceProcessor.deit.standard), (.clip, HuggingFaceProcessor.clip.standard),
      (.convNext, HuggingFaceProcessor.convNext.standard),
    ]
    for (processor, preprocessing) in cases {
      let json = try preprocessing.huggingFaceJSON(for: processor)
      #expect(try Preprocessing(huggingFace: json, file: "p.json") == preprocessing)
    }
    for (short, side) in [(256, 224), (235, 224), (64, 57), (383, 383), (97, 33)] {
      let preprocessing = Preprocessing(
        resize: .shortestSide(short: short, longestMaximum: nil),
        crop: ImageSize(width: side, height: side))
      let json = try preprocessing.huggingFaceJSON(for: .convNext)
      #expect(try Preprocessing(huggingFace: json, file: "p.json") == preprocessing)
    }
  }

  @Test func whatAProcessorCannotDoIsNotWritten() {
    let error = #expect(throws: PreprocessingExportError.self) {
      try Preprocessing(
        resize: .shortestSide(short: 8, longestMaximum: 9, rounding: .shortestEdge)
      ).huggingFaceJSON(for: .detr)
    }
    #expect(error?.description.contains("DetrImageProcessor") == true)
    #expect(throws: PreprocessingExportError.self) {
      try HuggingFaceProcessor.detr.standard.huggingFaceJSON(for: .vilt)
    }
  }

  @Test func mistakesAreWorded() {
    #expect(
      refusal("", type: "DetrImagProcessor")?.contains(
        "p.json: 'image_processor_type' should be one of DetrImageProcessor, ") == true)
    #expect(
      refusal("", type: "DetrImagProcessor")?.hasSuffix("Did you mean 'DetrImageProcessor'?")
        == true)
    #expect(
      refusal(#""feature_extractor_type": "ViltFeatureExtractor""#)
        == "p.json: 'feature_extractor_type' should be of the same kind as 'image_processor_type'"
        + ", found 'ViltFeatureExtractor'.")
    #expect(
      refusal(#""do_resise": true"#)
        == "p.json: the processor has no entry 'do_resise'; did you mean 'do_resize'?")
    #expect(
      refusal(#""resample": 9"#)
        == "p.json: 'resample' should be 0 (nearest), 1 (lanczos), 2 (bilinear), 3 (bicubic), "
        + "4 (box), 5 (hamming), found 9.")
    #expect(
      refusal(#""size": {"shortest_edge": 800, "height": 3}"#)
        == "p.json: 'size' should be {shortest_edge, longest_edge}, {max_height, max_width} or "
        + "{height, width}, found {height, shortest_edge}.")
    #expect(
      refusal(#""size": {"shortest_edge": 800, "longest_edge": 1333}, "max_size": 900"#)
        == "p.json: 'max_size' should be 1333, as 'size.longest_edge' says, found 900.")
    #expect(
      refusal(#""size": {"shortest_edge": 800, "longest_edge": 500}"#)
        == "p.json: 'size.longest_edge' should be a longest edge of at least the shortest one, "
        + "800, found 500.")
    #expect(
      refusal(#""size": "large""#) == "p.json: 'size' should be 1 to 30000 pixels, found 'large'.")
    #expect(
      refusal(#""size": {"height": 30000, "width": 30000}"#)
        == "p.json: 'size' should be at most 16 million pixels, found 30000 x 30000.")
    #expect(
      refusal(#""image_std": [1, 0, 1]"#)
        == "p.json: 'image_std' should be 3 numbers above 0, one a channel, found [1, 0, 1].")
    #expect(
      refusal(#""image_mean": [1, 2]"#)
        == "p.json: 'image_mean' should be 3 numbers, one a channel, found [1, 2].")
    #expect(
      refusal(#""do_pad": false, "pad_size": {"height": 3, "width": 3}"#)
        == "p.json: 'pad_size' should be left out, because 'do_pad' is false, "
        + "found {height, width}.")
    #expect(
      refusal(#""do_center_crop": true"#)
        == "p.json: 'crop_size' should be a height and a width, for 'do_center_crop', "
        + "found nothing.")
    #expect(
      refusal(#""size_divisor": 32"#)
        == "p.json: 'size_divisor' should be left out for DetrImageProcessor, found 32.")
    #expect(
      refusal(#""size": {"height": 3, "width": 3}"#, type: "ViltImageProcessor")
        == "p.json: 'size' should be a number of pixels or {shortest_edge}, "
        + "found {height, width}.")
    #expect(
      refusal(#""crop_pct": 1.5"#, type: "ConvNextImageProcessor")
        == "p.json: 'crop_pct' should be a number above 0, at most 1, found 1.5.")
    #expect(
      refusal(#""do_resize": 1"#) == "p.json: 'do_resize' should be true or false, found 1.")
    #expect(
      refusal(#""rescale_factor": 0"#)
        == "p.json: 'rescale_factor' should be a number above 0, found 0.")
    for text in ["", "[]", "{", "3"] {
      #expect(throws: PreprocessorFileError.malformed(file: "p.json")) {
        try Preprocessing(huggingFace: Data(text.utf8), file: "p.json")
      }
    }
    #expect(throws: PreprocessorFileError.self) {
      try Preprocessing(huggingFace: Data("{}".utf8), file: "p.json")
    }
  }

  @Test func nothingMakesTheReaderFail() {
    // Every prefix and every single changed byte of a good file is read or refused with words.
    let good = Array(
      #"{"image_processor_type":"BitImageProcessor","size":{"shortest_edge":9},"crop_size":7}"#.utf8
    )
    for count in good.indices {
      _ = try? Preprocessing(huggingFace: Data(good[..<count]), file: "p.json")
      for byte: UInt8 in [0x22, 0x2D, 0x39, 0x7B, 0xFF] {
        var changed = good
        changed[count] = byte
        _ = try? Preprocessing(huggingFace: Data(changed), file: "p.json")
      }
    }
  }
}
