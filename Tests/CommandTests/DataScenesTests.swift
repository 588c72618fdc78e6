import Foundation
import Inputs
import Testing

struct DataScenesTests {
  private let folder: TemporaryFolder
  private static let recipe = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("datasets/Scenes/Sample/recipe.yaml").path

  init() throws { folder = try TemporaryFolder() }

  private func arguments(_ output: String, _ more: [String]) -> [[UInt8]] {
    (["data", "scenes", "--recipe", Self.recipe, "--output", folder.path(output)] + more)
      .map { Array($0.utf8) }
  }

  private func files(_ output: String) throws -> [String: Data] {
    let path = folder.path(output)
    let names = try FileManager.default.subpathsOfDirectory(atPath: path)
    return names.reduce(into: [:]) { found, name in
      found[name] = FileManager.default.contents(atPath: path + "/" + name)
    }
  }

  /// Killed at several moments and started again, the bytes are those of a run in one go, and those
  /// of another number of threads.
  @Test func aKilledRunGoesOn() throws {
    let wish = ["--count", "200", "--seed", "4", "--texts", "30"]
    let whole = try unit(raw: arguments("whole", wish + ["--threads", "1"]))
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(whole.text.isEmpty && whole.errors.contains("200 scenes of 5 classes"))
    let input = try folder.file("input", "")
    for delay in [60_000, 250_000, 500_000] as [UInt32] {
      var process = try Spawn(
        arguments("broken", wish), input: input, output: folder.path("out"),
        errors: folder.path("errors"))
      usleep(delay)
      kill(process.id, SIGKILL)
      _ = process.wait()
    }
    if FileManager.default.fileExists(atPath: folder.path("broken/unfinished/wish.json")) {
      let other = try unit(raw: arguments("broken", ["--count", "200", "--seed", "5"]))
      expectFailure(other, 73, saying: "unfinished scenes of another recipe, seed", "--output")
    }
    // On a busy machine a run may have been killed before it made anything.
    if !FileManager.default.fileExists(atPath: folder.path("broken/instances.json")) {
      let last = try unit(raw: arguments("broken", wish))
      #expect(last.status == 0, "\(last.errors)")
    }
    let (expected, found) = (try files("whole"), try files("broken"))
    #expect(expected.keys.sorted() == found.keys.sorted())
    #expect(expected == found)
  }

  @Test func furtherPhotographsLieBehindScenes() throws {
    let red = folder.path("red")
    try FileManager.default.createDirectory(atPath: red, withIntermediateDirectories: true)
    let pixels = [UInt8](repeating: 0, count: 3 * 400 * 300).enumerated()
      .map { $0.offset % 3 == 0 ? UInt8(255) : 0 }
    try Data(encodePNG(Image(width: 400, height: 300, pixels: pixels))).write(
      to: URL(fileURLWithPath: red + "/red.png"))
    let wish = ["--count", "30", "--seed", "4", "--split", "validation"]
    let (plain, more) = (
      try unit(raw: arguments("plain", wish)),
      try unit(raw: arguments("more", wish + ["--backgrounds", red]))
    )
    #expect(plain.status == 0 && more.status == 0, "\(more.errors)")
    /// Pictures with a pure red pixel in a corner.
    func redOnes(_ output: String) throws -> Int {
      try files(output).filter { $0.key.hasSuffix(".png") }.count { name, data in
        let image = try Image(decoding: Array(data), name: name)
        return Array(image.pixels.prefix(3)) == [255, 0, 0]
      }
    }
    #expect(try redOnes("plain") == 0)
    #expect(try redOnes("more") > 0)
    let missing = try unit(
      raw: arguments("other", wish + ["--backgrounds", folder.path("blue")]))
    expectFailure(missing, 66, saying: folder.path("blue"))
  }

  @Test func furtherCutOutsAreInScenes() throws {
    let place = folder.path("cutouts/box")
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    let sample = Self.recipe.replacing("recipe.yaml", with: "cutouts/cross-blue.png")
    try FileManager.default.copyItem(atPath: sample, toPath: place + "/1.png")
    let wish = ["--count", "20", "--seed", "4"]
    let more = try unit(
      raw: arguments("more", wish + ["--cutouts", folder.path("cutouts")]))
    let plain = try unit(raw: arguments("plain", wish))
    #expect(more.status == 0 && plain.status == 0, "\(more.errors)")
    #expect(try files("more").keys.sorted() == files("plain").keys.sorted())
    #expect(try files("more") != files("plain"))
    let missing = try unit(raw: arguments("other", wish + ["--cutouts", folder.path("none")]))
    expectFailure(missing, 66, saying: "\(folder.path("none"))/CLASS")
  }

  @Test func mistakesAreWorded() throws {
    expectFailure(
      try unit(raw: arguments("a", ["--count", "0"])), 64, saying: "--count must be 1 to")
    expectFailure(
      try unit(raw: arguments("a", ["--count", "1", "--split", "valdation"])), 64,
      saying: "validation")
    expectFailure(
      try unit("data", "scenes", "--recipe", "nothing", "--output", "x", "--count", "1"), 66,
      saying: "nothing: there is no such file")
    expectFailure(
      try unit("data", "scnes", "--output", "x"), 64, saying: "did you mean 'scenes'?")
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let made = try unit(raw: arguments("scenes/train", ["--count", "12", "--texts", "50"]))
    #expect(made.status == 0, "\(made.errors)")
    let kinds = [
      ("coco", "scenes/{split}/instances.json"), ("vqa", "scenes"), ("snli-ve", "scenes/{split}"),
      ("qqp", "scenes/{split}/qqp"), ("qnli", "scenes/{split}/qnli"),
    ]
    for (kind, path) in kinds {
      let arguments = [
        "data", "check", folder.path(path), "--kind", kind, "--split", "train",
      ]
      let check = try unit(raw: arguments.map { Array($0.utf8) })
      #expect(check.status == 0 && check.text.contains("0 errors"), "\(check.text)\(check.errors)")
    }
  }
}
