import Foundation
import Support
import Testing
import Wording

/// Paths of a single character, which Foundation takes apart wrongly.
@Suite struct ShortPathTests {
  @Test func parentFolders() {
    let expected = [
      "a": "", "": "", "/": "/", "/a": "/", "a/": "", "a/b": "a", "/a/b": "/a", "a//b": "a",
      "./o": ".", "é": "", "a/é": "a", ".": "",
    ]
    for (path, folder) in expected { #expect(parentFolder(of: path) == folder, "\(path)") }
  }

  @Test func missingInputsOfOneLetter() throws {
    expectFailure(try unit("inspect", "~"), 66, saying: "~: there is no such file")
    expectFailure(try unit("detect", "~"), 66, saying: "~: there is no such file")
    let picture = Golden.path("ViLT/picture.png")
    expectFailure(try unit("detect", picture, "--model", "~"), 69, saying: "no such model")
    expectFailure(try unit("detect", picture, "--output", "."), 73, saying: "found a folder")
  }

  @Test func outputsOfOneLetter() throws {
    let folder = try TemporaryFolder()
    let picture = Golden.path("ViLT/picture.png")
    for command in ["detect \(picture) --output o", "debug pixels \(picture) --outputs p"] {
      let run = try unit(
        "-c", "cd '\(folder.path)' && exec '\(Spawn.executable)' \(command)",
        executable: "/bin/sh")
      #expect(run.status == 0, "\(run.errors)")
    }
    #expect(FileManager.default.fileExists(atPath: folder.path("o")))
    #expect(FileManager.default.fileExists(atPath: folder.path("p")))
  }
}
