import Foundation
import Testing

struct DoctorTests {
  @Test func everyFactIsShown() throws {
    let run = try unit("doctor")
    #expect(run.status == 0)
    for fact in ["version", "processor", "kernels", "blas", "threads", "default model"] {
      #expect(run.text.contains("\(fact) "), "\(run.text)")
    }
  }

  @Test func jsonIsOneObjectThatNamesItsSchema() throws {
    let run = try unit("doctor", "--format", "json", "--threads", "3")
    #expect(run.status == 0)
    let facts = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
    #expect(facts["schema"] as? Int == 1)
    #expect(facts["threads"] as? Int == 3)
    #expect(run.text.hasPrefix(#"{"schema":1,"version":"#))
  }

  @Test func kernelsFollowTheEnvironment() throws {
    let run = try unit("doctor", environment: ["UNIT_KERNELS": "scalar"])
    #expect(run.text.contains(/kernels +scalar/))
  }

  @Test func modelPlaceFollowsTheEnvironment() throws {
    let folder = try TemporaryFolder()
    try folder.file("config.json", Array("{}".utf8))
    let run = try unit("doctor", environment: ["UNIT_MODEL": folder.path])
    #expect(run.text.contains(folder.path))
  }
}
