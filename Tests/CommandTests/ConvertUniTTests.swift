import Foundation
import Support
import Testing

/// `unit convert` of MMF's checkpoints, and the result in use.
@Suite struct ConvertUniTTests {
  private let folder: TemporaryFolder
  private let vocabulary: String

  init() throws {
    folder = try TemporaryFolder()
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "what", "is", "it", "?"]
    let others = (pieces.count..<40).map { "word\($0)" }
    vocabulary = try folder.file("vocab.txt", (pieces + others).joined(separator: "\n") + "\n")
  }

  private func checkpoint(_ name: String) -> String { Golden.path("UniT/mmf/" + name) }

  @Test func aReleasedCheckpointAnswers() throws {
    let model = folder.path("model")
    let run = try unit(
      "convert", checkpoint("released_final.pth"), "--to", model, "--vocabulary", vocabulary)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.errors.contains(
        "does not name the labels of detection_visual_genome, detection_visual_genome's "
          + "attributes, vqa2; they are numbered. Give --labels"))
    let shown = try unit("inspect", model).text
    #expect(shown.contains("task detection_coco: detection, reads image, 5 queries, 91 labels"))
    #expect(shown.contains("task glue_mnli_mismatched: classification, reads text"))

    let picture = try folder.file("a.png", PictureSamples.png)
    let found = try unit(
      "detect", picture, "--model", model, "--threshold", "0", "--max-boxes", "2")
    #expect(found.status == 0, "\(found.errors)")
    // The picture, and two objects.
    #expect(found.text.split(separator: "\n").count == 3)
    let answer = try unit("ask", picture, "what is it?", "--model", model)
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.text.contains("answer "))
    let verdict = try unit("read", "what is it", "--model", model, "--task", "glue_sst2")
    #expect(verdict.status == 0, "\(verdict.errors)")
    #expect(verdict.text.contains("tive"))
  }

  @Test func theVocabularyIsAskedFor() throws {
    let run = try unit("convert", checkpoint("best.ckpt"), "--to", folder.path("model"))
    expectFailure(run, 65, saying: "reads texts of 40 word pieces", "Give --vocabulary FILE")
    #expect(!FileManager.default.fileExists(atPath: folder.path("model")))
  }

  @Test func aDamagedCheckpointIsNotSaidToHaveAConfiguration() throws {
    // One bit of the name of one tensor.
    var bytes = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: checkpoint("legacy.pth"))))
    let name = Array("detr_model.transformer.encoder.layers.0.linear1.bias".utf8)
    let place = try #require(
      (0..<bytes.count - name.count).first { bytes[$0..<$0 + name.count].elementsEqual(name) })
    bytes[place + name.count - 1] = UInt8(ascii: "z")
    let damaged = try folder.file("damaged.pth", bytes)
    let run = try unit("convert", damaged, "--to", folder.path("model"))
    expectFailure(
      run, 65, saying: "unit_base_model.transformer.encoder.layers.0.linear1.bias",
      "the file has 'unit_base_model.transformer.encoder.layers.0.linear1.biaz'",
      "The checkpoint is incomplete or was changed")
  }
}
