import Checkpoints
import Foundation
import Inputs
import Testing

struct DebugPixelsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func pixels(_ name: String, _ bytes: [UInt8]) throws -> Execution {
    try unit("debug", "pixels", folder.file(name, bytes), "--outputs", folder.path("out"))
  }

  @Test func pixelsAreThoseOfThePicture() throws {
    let run = try pixels("a.png", PictureSamples.png)
    #expect(run.status == 0, "\(run.errors)")
    let tensor = try SafetensorsFile(contentsOf: folder.path("out")).tensor("pixels")
    #expect(tensor.shape == [30, 40, 3])
    #expect(tensor.elements == PictureSamples.gradient().pixels.map { Float($0) })
  }

  @Test func standardInputIsRead() throws {
    let run = try unit(
      "debug", "pixels", "-", "--outputs", folder.path("out"), input: PictureSamples.jpeg)
    #expect(run.status == 0, "\(run.errors)")
    let tensor = try SafetensorsFile(contentsOf: folder.path("out")).tensor("pixels")
    #expect(tensor.shape == [30, 40, 3])
  }

  @Test func contentDecidesNotTheName() throws {
    #expect(try pixels("a.png", PictureSamples.jpeg).status == 0)
    #expect(try pixels("a.txt", PictureSamples.png).status == 0)
  }

  @Test(arguments: [1, 8, 20, 33, 60, 500, -1])
  func truncatedPictures(count: Int) throws {
    for (name, bytes) in [("a.png", PictureSamples.png), ("a.jpg", PictureSamples.jpeg)] {
      let kept = count < 0 ? bytes.count - 20 : min(count, bytes.count - 20)
      expectFailure(try pixels(name, Array(bytes[..<kept])), 65, saying: name)
    }
  }

  @Test func corruptPicture() throws {
    var bytes = PictureSamples.png
    for place in bytes.count / 2..<bytes.count / 2 + 40 { bytes[place] ^= 0x5A }
    expectFailure(try pixels("a.png", bytes), 65, saying: "a.png", "corrupt")
  }

  @Test func emptyFile() throws {
    expectFailure(try pixels("a.png", []), 65, saying: "a.png", "empty")
  }

  @Test func textIsNoPicture() throws {
    let run = try pixels("a.png", Array("This is not a picture.".utf8))
    expectFailure(run, 65, saying: "a.png", "expected a PNG or JPEG picture")
  }

  @Test func hugePictureIsRefusedBeforeAllocation() throws {
    let bytes = PictureSamples.png(declaringWidth: 60_000, height: 60_000)
    let run = try pixels("a.png", bytes)
    expectFailure(run, 65, saying: "60000", "limit")
    #expect(run.peakMemory < 100 << 20)
  }

  @Test func emptyStandardInput() throws {
    let run = try unit("debug", "pixels", "-", "--outputs", folder.path("out"))
    expectFailure(run, 65, saying: "standard input")
  }

  @Test func directoryIsNoPicture() throws {
    let run = try unit("debug", "pixels", folder.path, "--outputs", folder.path("out"))
    expectFailure(run, 66, saying: "directory")
  }

  @Test func missingFile() throws {
    let run = try unit("debug", "pixels", folder.path("b.png"), "--outputs", folder.path("out"))
    expectFailure(run, 66, saying: "b.png")
  }

  @Test func outputInAMissingFolder() throws {
    let picture = try folder.file("a.png", PictureSamples.png)
    let run = try unit("debug", "pixels", picture, "--outputs", folder.path("none/out"))
    expectFailure(run, 73, saying: "none/out")
  }

  @Test func outputOverADirectory() throws {
    let picture = try folder.file("a.png", PictureSamples.png)
    let run = try unit("debug", "pixels", picture, "--outputs", folder.path)
    expectFailure(run, 73, saying: folder.path)
  }
}
