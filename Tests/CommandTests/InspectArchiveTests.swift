import Foundation
import Support
import Testing

/// `unit inspect` of bare checkpoints.
@Suite struct InspectArchiveTests {
  @Test func legacyFileShowsTensorsAndTheRest() throws {
    let run = try unit("inspect", Golden.path("DETR/facebook.pth"))
    #expect(run.status == 0)
    #expect(run.text.contains("PyTorch before 1.6, 188 tensors, 68562 elements"))
    #expect(run.text.contains("args: an object argparse.Namespace"))
    #expect(run.text.contains("class_embed.weight"))
  }

  @Test func jsonNamesFormatDocumentAndTensors() throws {
    let run = try unit("inspect", Golden.path("DETR/facebook.pth"), "--format", "json")
    #expect(run.status == 0)
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
    #expect(report["format"] as? String == "PyTorch before 1.6")
    #expect((report["tensors"] as? [[String: Any]])?.count == 188)
    #expect(report["document"] is [String: Any])
  }
}
