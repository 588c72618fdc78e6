import Datasets
import Foundation
import Testing

struct YOLOTests {
  private func read(_ path: String, _ split: String = "train") throws -> MarkedPictures {
    try YOLO.read(DatasetSource(kind: "yolo", path: path, split: split))
  }

  @Test func readsTheSample() throws {
    let data = try read(Samples.path("YOLO"))
    #expect(data.problems.isEmpty)
    #expect(data.categories.map(\.name) == ["ball", "box", "sail"])
    #expect(data.pictures.map(\.id) == [11, 12, 25, 31])
    #expect(data.pictures.map(\.objects.count) == [2, 1, 0, 3])
    let file = Samples.path("YOLO") + "/data.yaml"
    #expect(try read(file, "val").pictures.map(\.id) == [40, 47])
  }

  @Test func oldLayoutsAreRead() throws {
    let copy = try Samples.copy("YOLO")
    try copy.remove("data.yaml")
    try copy.write("ball\nbox\nsail\n", to: "classes.txt")
    #expect(try read(copy.path).pictures.count == 4)
    let text = Samples.failure { _ = try read(copy.path, "test") }
    #expect(text.contains("tried \(copy.path)/images/test"), "\(text)")
    try copy.remove("classes.txt")
    #expect(Samples.failure { _ = try read(copy.path) }.contains("obj.names"))
  }

  @Test(arguments: [
    "path: .\ntrain: images/train\nnames: [ball, box, sail]\n",
    "path: images\ntrain: [train]\nnames: {0: ball, 2: sail, 1: box}\n",
    "train: ../images/train\nnc: 3\nnames: [ball, box, sail]\n",
    "train: list.txt\nnames: [ball, box, sail]\n",
  ]) func descriptionsAreRead(yaml: String) throws {
    let copy = try Samples.copy("YOLO")
    try copy.write(yaml, to: "data.yaml")
    try copy.write(
      "./images/train/11.png\nimages/train/12.png\nimages/train/25.png\nimages/train/31.png\n",
      to: "list.txt")
    let data = try read(copy.path)
    #expect(data.problems.isEmpty, "\(data.problems)")
    #expect(data.categories.map(\.name) == ["ball", "box", "sail"])
    #expect(data.pictures.map(\.objects.count) == [2, 1, 0, 3])
  }

  @Test(arguments: [
    ("names: [", "expected YAML"), ("- a", "expected keys and values"),
    ("train: images/train", "names: expected a list"),
    ("names: {cat: 0}", "names: expected names by number"),
    ("names: [a]\nval: images/val", "has no part 'train'; its parts: val"),
    ("names: [a]\ntrain: nowhere", "nowhere"),
  ]) func wrongDescriptionsAreNamed(yaml: String, words: String) throws {
    let copy = try Samples.copy("YOLO")
    try copy.write(yaml, to: "data.yaml")
    let text = Samples.failure { _ = try read(copy.path) }
    #expect(text.contains(words) && text.contains("data.yaml"), "\(text)")
  }

  @Test(arguments: [
    ("0 0.5 0.5 0.5", "unreadable", "expected a class and four numbers, found '0 0.5 0.5 0.5'"),
    ("0 0.5 0.5 x 0.5", "unreadable", "expected a class and four numbers"),
    ("3 0.5 0.5 0.5 0.5", "unknown-id", "expected a class of 0...2, found '3'"),
    ("-1 0.5 0.5 0.5 0.5", "unknown-id", "found '-1'"),
  ]) func wrongLinesAreProblems(line: String, kind: String, words: String) throws {
    let copy = try Samples.copy("YOLO")
    try copy.write("\n" + line + "\n1 0.5 0.5 0.25 0.25 0.9\n", to: "labels/train/11.txt")
    let data = try read(copy.path)
    let problem = try #require(data.problems.first)
    #expect(problem.kind.rawValue == kind && problem.entry == "line 2")
    #expect(problem.text.contains(words), "\(problem)")
    #expect(data.pictures[0].objects.map(\.number) == [3])
  }

  @Test func outlinesGiveTheirBox() throws {
    let copy = try Samples.copy("YOLO")
    try copy.write("2 0.25 0.5 0.75 0.25 0.5 0.75\n", to: "labels/train/11.txt")
    let box = try #require(try read(copy.path).pictures[0].objects.first?.box)
    #expect([box.x, box.y, box.width, box.height] == [0.25, 0.25, 0.5, 0.5])
  }

  @Test func aListedPictureThatIsMissingIsAProblem() throws {
    let copy = try Samples.copy("YOLO")
    try copy.write("train: list.txt\nnames: [ball, box, sail]\n", to: "data.yaml")
    try copy.write("images/train/99.png\n", to: "list.txt")
    let problem = try #require(try read(copy.path).problems.first)
    #expect(problem.kind == .missingPicture)
    #expect(problem.text.contains("tried \(copy.path)/images/train/99.png"))
  }

  @Test func numbersThatAreNoneAreNotLearnt() throws {
    let copy = try Samples.copy("YOLO")
    try copy.write("1 0.5 nan 0.25 0.25\n", to: "labels/train/11.txt")
    let data = try DatasetRegistry.open("yolo", copy.path, "train", .toys())
    let text = Samples.failure { _ = try data.sample(0) }
    #expect(text.contains("labels/train/11.txt, line 1: expected a box of finite numbers"))
  }
}
