import Annotations
import JSONStream
import Testing

@Suite struct CocoAnnotationsTests {
  private func annotations(_ text: String) throws -> CocoAnnotations {
    try Array(text.utf8).withUnsafeBytes {
      try JSONReader.read($0, file: "truth.json") { try CocoAnnotations(from: &$0) }
    }
  }

  private func expectError(
    _ text: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(sourceLocation: sourceLocation) {
      _ = try annotations(text)
    } throws: { error in
      error is JSONError && "\(error)".contains(message)
    }
  }

  @Test func attributesAreNamedWhereTheFileNamesThem() throws {
    func named(_ attributes: String) throws -> [CocoAnnotations.Category] {
      try annotations(
        """
        {"images": [], "annotations": [], "categories": [{"id": 1, "name": "cat"}]\(attributes)}
        """
      ).attributes
    }
    let found = try named(
      #", "attributes": [{"id": 4, "name": "red"}, {"id": 2, "name": "small"}]"#)
    #expect(found.map(\.id) == [4, 2] && found.map(\.name) == ["red", "small"])
    #expect(try named("").isEmpty)
    // Another program's meaning of the word.
    #expect(try named(#", "attributes": {"red": 4}"#).isEmpty)
  }

  @Test func everyListIsRead() throws {
    let file = try annotations(
      """
      {"info": {"year": 2017}, "licenses": [], "images": [
        {"license": 1, "file_name": "a.jpg", "height": 20, "width": 30, "id": 7, "coco_url": "x"},
        {"id": 9, "file_name": null}],
       "annotations": [
        {"segmentation": [[1.5, 2, 3, 4]], "area": 55.5, "iscrowd": 0, "image_id": 7,
         "bbox": [1, 2.5, 3, 4], "category_id": 3, "id": 11},
        {"segmentation": {"counts": [1, 2], "size": [20, 30]}, "iscrowd": 1, "image_id": 9,
         "bbox": [0, 0, 2, 5], "category_id": 3}],
       "categories": [{"supercategory": "animal", "id": 3, "name": "cat"}, {"id": 5}]}
      """)
    #expect(file.pictures.map(\.id) == [7, 9])
    #expect(file.pictures[0].fileName == "a.jpg" && file.pictures[0].width == 30)
    #expect(file.pictures[1].fileName == nil)
    #expect(file.objects.map(\.id) == [11, 2])
    #expect(file.objects[0].box == CocoBox(x: 1, y: 2.5, width: 3, height: 4))
    #expect(file.objects.map(\.area) == [55.5, 10])
    #expect(file.objects.map(\.isCrowd) == [false, true])
    #expect(file.categories.map(\.name) == ["cat", "5"])
    #expect(file.categories[0].group == "animal")
  }

  @Test func errorsNameTheEntry() {
    func with(_ annotation: String) -> String {
      "{\"images\":[],\"categories\":[],\"annotations\":[\(annotation)]}"
    }
    expectError(
      with("{\"bbox\":[1,2,3]}"),
      "truth.json: annotations[0].bbox, byte 52 (line 1): expected 4 numbers")
    expectError(with("{\"bbox\":[1,2,3,\"x\"]}"), "annotations[0].bbox[3]")
    expectError(with("{\"bbox\":[1,2,3,NaN]}"), "found NaN, which JSON does not have")
    expectError(
      with("{\"bbox\":[1,2,3,4],\"category_id\":1}"), "expected the key 'image_id'")
    expectError(with("{\"image_id\":\"a\"}"), "annotations[0].image_id")
    expectError(with("{\"iscrowd\":2}"), "expected 0 or 1, found 2")
    let object = "{\"id\":4,\"image_id\":1,\"category_id\":1,\"bbox\":[1,2,3,4]}"
    expectError(with("\(object),\(object)"), "annotations[1].id")
    expectError("[]", "belongs to --predictions")
    expectError(
      "{\"images\":[],\"categories\":[],\"foo\":1}",
      "an object without annotations, only: images, categories, foo")
    expectError(
      "{\"images\":[{}],\"categories\":[],\"annotations\":[]}", "images[0]")
  }

  @Test func resultsAreRead() throws {
    func results(_ text: String) throws -> CocoResults {
      try Array(text.utf8).withUnsafeBytes {
        try JSONReader.read($0, file: "found.json") { try CocoResults(from: &$0, pictures: [1]) }
      }
    }
    let one = "{\"image_id\":1,\"category_id\":2,\"bbox\":[1,2,3,4],\"score\":0.5,\"x\":[]}"
    let found = try results("[\(one),\(one)]").detections
    #expect(found.count == 2 && found[1].score == 0.5 && found[1].box.area == 12)
    #expect(try results("[]").detections.isEmpty)
    for (text, message) in [
      ("{}", "expected COCO's results"),
      ("[{\"image_id\":2}]", "the id of a picture of the truth, found 2"),
      ("[{\"image_id\":1,\"category_id\":2,\"bbox\":[1,2,3,4]}]", "expected the key 'score'"),
      ("[{\"score\":NaN}]", "[0].score"),
      ("[{\"score\":1e999}]", "found 1e999"),
      ("[{\"score\":null}]", "expected a number, found null"),
    ] {
      do {
        _ = try results(text)
        Issue.record("no error: \(text)")
      } catch { #expect("\(error)".contains(message), "\(error)") }
    }
  }
}
