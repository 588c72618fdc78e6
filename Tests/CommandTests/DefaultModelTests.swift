import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path
private let source = root + "/Sources/unit/DefaultModel"
private let picture = root + "/datasets/EasyVQA/Sample/test/images/1.png"

/// The model that comes with the program.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: source + "/config.json")))
struct DefaultModelTests {
  @Test func theModelMovesWithTheProgram() throws {
    let folder = try TemporaryFolder()
    let built = URL(fileURLWithPath: Spawn.executable).deletingLastPathComponent()
    for name in ["unit", "UniT_unit.resources"] {
      try FileManager.default.copyItem(
        atPath: built.appendingPathComponent(name).path, toPath: folder.path(name))
    }
    let moved = try unit("doctor", executable: folder.path("unit"))
    // The program names its place without symbolic links, so only the end is compared.
    let place = URL(fileURLWithPath: folder.path).lastPathComponent
    #expect(
      moved.text.contains("/\(place)/UniT_unit.resources/DefaultModel"), "\(moved.text)")
    #expect(moved.text.contains(/default model +\/.*UniT_unit.resources/), "\(moved.text)")
    // An installed program finds it under share.
    _ = try folder.folder("bin")
    _ = try folder.folder("share/unit")
    try FileManager.default.moveItem(atPath: folder.path("unit"), toPath: folder.path("bin/unit"))
    try FileManager.default.moveItem(
      atPath: folder.path("UniT_unit.resources/DefaultModel"),
      toPath: folder.path("share/unit/DefaultModel"))
    let installed = try unit(
      "ask", picture, "is there a dog?", executable: folder.path("bin/unit"))
    #expect(installed.status == 0, "\(installed.errors)")
  }

  @Test func theModelIsSmall() throws {
    let files = try FileManager.default.subpathsOfDirectory(atPath: source)
    let bytes = try files.reduce(0) { sum, file in
      let attributes = try FileManager.default.attributesOfItem(atPath: source + "/" + file)
      return sum + (attributes[.size] as? Int ?? 0)
    }
    #expect(bytes <= 60_000_000)
  }
}
