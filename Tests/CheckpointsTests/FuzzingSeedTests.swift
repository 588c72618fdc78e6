import Checkpoints
import Foundation
import Support
import Testing

/// The fuzz targets' seeds, and whatever fuzzing found, through the front door.
@Suite struct FuzzingSeedTests {
  @Test(arguments: ["safetensors", "index", "zip", "pickle", "legacy", "tar", "gzip"])
  func endInTensorsOrWords(_ target: String) throws {
    let folder = Golden.path("../Fuzzing/\(target)")
    var count = 0
    for kind in ["corpus", "found"] {
      let place = "\(folder)/\(kind)"
      guard FileManager.default.fileExists(atPath: place) else { continue }
      for name in try FileManager.default.contentsOfDirectory(atPath: place) {
        count += 1
        do {
          let archive = try openCheckpoint("\(place)/\(name)")
          #expect(try archive.tensors().count == archive.entries.count)
        } catch let error as CheckpointError {
          #expect(error.description.contains(place))
        }
      }
    }
    #expect(count > 0)
  }
}
