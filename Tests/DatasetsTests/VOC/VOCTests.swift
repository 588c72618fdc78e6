import Annotations
import Datasets
import Foundation
import Testing

struct VOCTests {
  private func read(_ path: String, _ split: String = "train") throws -> MarkedPictures {
    try VOC.read(DatasetSource(kind: "voc", path: path, split: split))
  }

  @Test func readsTheSample() throws {
    let data = try read(Samples.path("VOC"))
    #expect(data.problems.isEmpty)
    #expect(data.categories.map(\.name) == ["ball", "box", "sail"])
    #expect(data.pictures.map(\.id) == [11, 12, 25, 31])
    // The first pixel is 1 and the last one counts.
    #expect(data.pictures[0].objects[0].box == CocoBox(x: 4, y: 5, width: 12, height: 12))
    #expect(data.pictures[0].objects[0].view.pose == "Frontal")
    #expect(data.pictures[3].objects.map(\.view.isDifficult) == [false, false, true])
    #expect(try read(Samples.path("VOC"), "all").pictures.count == 6)
  }

  @Test func partsAreListsOrFolders() throws {
    let copy = try Samples.copy("VOC")
    let text = Samples.failure { _ = try read(copy.path, "test") }
    #expect(text.contains("has no part 'test'; its parts: train, val, all"))
    try copy.remove("ImageSets")
    try FileManager.default.moveItem(
      atPath: copy.file("Annotations"), toPath: copy.file("test"))
    #expect(try read(copy.path, "test").pictures.count == 6)
    let failure = Samples.failure { _ = try read(copy.path, "train") }
    #expect(failure.contains("tried") && failure.contains("/train/*.xml"), "\(failure)")
  }

  @Test func classesMayHaveAFile() throws {
    let copy = try Samples.copy("VOC")
    try copy.write("sail\nbox\n\nball\n", to: "classes.txt")
    #expect(try read(copy.path).categories.map(\.name) == ["sail", "box", "ball"])
    try copy.write("sail\nball\n", to: "classes.txt")
    let problem = try #require(try read(copy.path).problems.first)
    #expect(problem.kind == .unknownID && problem.text.contains("found 'box'"))
    try copy.write("sail\nsail\n", to: "classes.txt")
    #expect(Samples.failure { _ = try read(copy.path) }.contains("line 2: the class 'sail'"))
  }

  @Test(arguments: [
    ("<name>ball</name>", "<name></name>", "line 9 (object 1): expected the class"),
    ("<xmin>5</xmin>", "<xmin>five</xmin>", "expected a number in <xmin>, found 'five'"),
    ("<xmin>5</xmin>", "", "line 14 (object 1): expected <xmin> in <bndbox>"),
    ("</object>", "</objekt>", "expected </object>, found </objekt>"),
    ("<annotation>", "<!DOCTYPE a [<!ENTITY b \"c\">]><annotation>", "document types are not read"),
    ("<annotation>", "<annotations>", "expected </annotations>, found </annotation>"),
    ("Frontal", "&nbsp;", "the entity &nbsp; is not known"),
    ("Frontal", "a & b", "expected an entity such as &amp;"),
    ("</annotation>", "", "<annotation> of line 1 is never closed"),
  ]) func brokenFilesAreProblems(old: String, new: String, words: String) throws {
    let copy = try Samples.copy("VOC")
    try copy.replace(old, new, in: "Annotations/000011.xml")
    let data = try read(copy.path)
    #expect(data.pictures.count == 3)
    let problem = try #require(data.problems.first)
    #expect(problem.file.hasSuffix("Annotations/000011.xml"))
    #expect("\(problem.entry): \(problem.text)".contains(words), "\(problem)")
    let text = Samples.failure { _ = try DatasetRegistry.open("voc", copy.path, "train", .toys()) }
    #expect(text.contains("000011.xml"))
  }

  @Test func ordinaryMarkupIsRead() throws {
    let copy = try Samples.copy("VOC")
    let xml = """
      \u{FEFF}<?xml version="1.0" encoding="utf-8"?>
      <!-- by hand <annotation> -->
      <annotation verified='yes'>
        <filename>000011.png</filename><source><database>x</database></source>
        <object><name>tom &amp; <![CDATA[<j>]]>&#233;&#x21;</name><difficult>1</difficult>
          <part><name>head</name><bndbox/></part>
          <bndbox><xmin> 1.5 </xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox>
        </object>
      </annotation>
      <!-- end -->
      """
    try copy.write(xml, to: "Annotations/000011.xml")
    let data = try read(copy.path)
    #expect(data.problems.isEmpty)
    let object = try #require(data.pictures[0].objects.first)
    #expect(data.categories[object.category].name == "tom & <j>é!")
    #expect(object.box == CocoBox(x: 0.5, y: 1, width: 2.5, height: 3))
    #expect(data.pictures[0].width == nil)
  }

  @Test func deepAndLargeFilesAreRefused() throws {
    let copy = try Samples.copy("VOC")
    let deep = String(repeating: "<annotation>", count: 100_000)
    try copy.write(deep, to: "Annotations/000011.xml")
    #expect(try read(copy.path).problems.first?.text == "more than 16 levels of elements")
    try copy.write(String(repeating: " ", count: 16 << 20 | 1), to: "Annotations/000011.xml")
    #expect(try read(copy.path).problems.first?.text.contains("over 16 MiB") == true)
    try copy.remove("Annotations/000011.xml")
    #expect(try read(copy.path).problems.first?.text.contains("there is no such file") == true)
  }
}
