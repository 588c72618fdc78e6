import Checkpoints
import Foundation
import Heads
import Support
import Tensors
import Testing

/// The arithmetic of a model on the command line: `--dtype`, and weights stored in 8 bits.
struct PrecisionCommandTests {
  private let folder: TemporaryFolder
  private let model: TinyModel

  init() throws {
    folder = try TemporaryFolder()
    model = try TinyModel()
    try folder.file("a.png", PictureSamples.png)
  }

  private func answers(_ model: String, _ options: String...) throws -> [Double] {
    let arguments =
      ["ask", folder.path("a.png"), "what is it ?", "--model", model, "--format", "json"] + options
    let run = try unit(raw: arguments.map { Array($0.utf8) })
    try #require(run.status == 0, "\(run.errors)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
    let question = try #require((json["answers"] as? [[String: Any]])?.first)
    let answers = try #require(question["answers"] as? [[String: Any]])
    return answers.sorted { "\($0["answer"] ?? "")" < "\($1["answer"] ?? "")" }
      .compactMap { $0["score"] as? Double }
  }

  @Test func anAnswerIsNearlyTheSameInEveryArithmetic() throws {
    let exact = try answers(model.path)
    #expect(try answers(model.path, "--dtype", "f32") == exact)
    for (dtype, limit) in [("bf16", 0.02), ("int8", 0.05)] {
      let found = try answers(model.path, "--dtype", dtype)
      let difference = zip(found, exact).map { abs($0 - $1) }.max() ?? 1
      #expect(found.count == exact.count && found != exact && difference < limit, "\(dtype)")
      #expect(try answers(model.path, "--dtype", dtype) == found, "\(dtype): the same bits")
    }
  }

  @Test(arguments: ["f64", "INT8", "bf-16", ""]) func anotherArithmeticIsRefused(
    _ name: String
  ) throws {
    for command in [["detect", folder.path("a.png")], ["bench"], ["read", "good"]] {
      let arguments = command + ["--model", model.path, "--dtype", name]
      let run = try unit(raw: arguments.map { Array($0.utf8) })
      expectFailure(run, 64, saying: "--dtype", "'\(name)' is not one of f32, bf16, int8")
    }
  }

  @Test func aModelStoredInBytesIsSmallAndComputesInThem() throws {
    let small = folder.path("small")
    let run = try unit("convert", model.path, "--to", small, "--dtype", "int8")
    try #require(run.status == 0, "\(run.errors)")
    let stored = try openCheckpoint(small)
    let types = Dictionary(uniqueKeysWithValues: stored.entries.map { ($0.name, $0.type) })
    // Factors of large products are bytes; biases, tables and the last layers are not.
    let opened = try ModelDirectory.load(small)
    for parameter in opened.parameters {
      #expect(types[parameter.name] == (parameter.isFactor ? .int8 : .float32))
      #expect(parameter.precision == (parameter.isFactor ? .int8 : .f32))
      #expect((types[parameter.name + "_scale"] != nil) == parameter.isFactor)
    }
    #expect(types["class_embeds.shapes.weight"] == .float32)
    #expect(opened.parameters.filter(\.isFactor).count > 20)
    // What is stored is what the arithmetic would make of the weights.
    func read(_ options: String...) throws -> String {
      let arguments = ["read", "is it ?", "--task", "mood", "--format", "json"] + options
      return try unit(raw: arguments.map { Array($0.utf8) }).text
    }
    let scores = try read("--model", model.path, "--dtype", "int8")
    #expect(scores.contains("good"))
    #expect(try read("--model", small) == scores)
    #expect(try read("--model", small, "--dtype", "int8") == scores)
    // The other arithmetics run with what was stored.
    for dtype in ["f32", "bf16"] {
      #expect(try read("--model", small, "--dtype", dtype) != scores)
      #expect(try answers(small, "--dtype", dtype).count == 3)
    }
    for kernels in ["scalar", "avx2", "avx512core"] {
      let environment = ["UNIT_KERNELS": kernels]
      let picture = folder.path("a.png")
      let run = try unit(
        "detect", picture, "--model", small, "--threshold", "0", environment: environment)
      #expect(run.status == 0, "\(kernels): \(run.errors)")
    }
  }

  @Test func inspectShowsBytesAndTheirScales() throws {
    let small = folder.path("small")
    #expect(try unit("convert", model.path, "--to", small, "--dtype", "int8").status == 0)
    let lines = try unit("inspect", small).text.split(separator: "\n")
    #expect(lines.contains { $0.contains("in_proj_weight ") && $0.contains(" I8 ") })
    #expect(lines.contains { $0.contains("class_embeds.shapes.weight") && $0.contains(" F32 ") })
    let file = try unit("inspect", small + "/model.safetensors").text.split(separator: "\n")
    #expect(file.contains { $0.contains("in_proj_weight_scale ") && $0.contains(" F32 ") })
  }

  @Test func bytesHaveNoPlaceInAnotherLayout() throws {
    let run = try unit(
      "convert", Golden.path("DETR/huggingface-resnet"), "--to", folder.path("m"), "--layout",
      "hf", "--dtype", "int8")
    expectFailure(run, 64, saying: "--dtype int8", "layout hf")
    #expect(!FileManager.default.fileExists(atPath: folder.path("m")))
  }

  @Test func aDamagedScaleIsNamed() throws {
    let small = folder.path("small")
    #expect(try unit("convert", model.path, "--to", small, "--dtype", "int8").status == 0)
    let file = try SafetensorsFile(contentsOf: small + "/model.safetensors")
    let name = try #require(file.entries.first { $0.type == .int8 }).name
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.path)))
    let length = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let place = 8 + length + (try file.offsets(of: name + "_scale").lowerBound)
    bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0xC0, 0x7F])
    try Data(bytes).write(to: URL(fileURLWithPath: file.path))
    let run = try unit("detect", folder.path("a.png"), "--model", small)
    expectFailure(run, 65, saying: name)
  }
}
