import Annotations
import Foundation

extension VOC {
  /// The XML of one picture; numbers have a fraction only where the box has one.
  static func xml(
    _ picture: MarkedPictures.Picture, _ objects: [MarkedPictures.Object],
    _ categories: [MarkedPictures.Category], fileName: String
  ) -> String {
    var text = """
      <annotation>
        <filename>\(escaped(fileName))</filename>
        <size>
          <width>\(picture.width!)</width>
          <height>\(picture.height!)</height>
          <depth>3</depth>
        </size>
        <segmented>0</segmented>

      """
    for object in objects {
      let (box, view) = (object.box, object.view)
      let edges = [
        ("xmin", box.x + 1), ("ymin", box.y + 1), ("xmax", box.x + box.width),
        ("ymax", box.y + box.height),
      ]
      text += "  <object>\n    <name>\(escaped(categories[object.category].name))</name>\n"
      if let pose = view.pose { text += "    <pose>\(escaped(pose))</pose>\n" }
      for (name, flag) in [
        ("truncated", view.isTruncated), ("difficult", view.isDifficult),
        ("occluded", view.isOccluded),
      ] {
        text += "    <\(name)>\(flag ? 1 : 0)</\(name)>\n"
      }
      text += "    <bndbox>\n"
      for (name, edge) in edges { text += "      <\(name)>\(plain(edge))</\(name)>\n" }
      text += "    </bndbox>\n  </object>\n"
    }
    return text + "</annotation>\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  private static func plain(_ number: Double) -> String {
    let box = CocoBox(x: number, y: 0, width: 0, height: 0).rounded
    return Int(exactly: box.x).map { "\($0)" } ?? "\(box.x)"
  }
}

extension YOLO {
  /// The lines of one picture: class, centre and extent in fractions, with all their digits.
  static func labels(
    _ picture: MarkedPictures.Picture, _ objects: [MarkedPictures.Object], _ classes: [Int]
  ) -> String {
    let (width, height) = (Double(picture.width!), Double(picture.height!))
    return objects.map { object in
      let box = object.box
      let numbers = [
        (box.x + box.width / 2) / width, (box.y + box.height / 2) / height, box.width / width,
        box.height / height,
      ]
      return "\(classes[object.category]) "
        + numbers.map { "\($0)" }.joined(separator: " ") + "\n"
    }.joined()
  }

  /// `data.yaml`; names in double quotes, so that `yes` and `1` stay names.
  static func description(
    _ splits: [String], _ categories: [MarkedPictures.Category]
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let names = try categories.enumerated().map { number, category in
      "  \(number): \(String(decoding: try encoder.encode(category.name), as: UTF8.self))\n"
    }
    return splits.map { "\($0): images/\($0)\n" }.joined() + "names:\n" + names.joined()
  }
}
