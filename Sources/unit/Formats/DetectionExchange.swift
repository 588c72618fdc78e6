import Foundation
import Heads
import Wording

/// Found objects in the formats of other programs.
extension DetectionReport {
  /// COCO's results: unrounded boxes, the data set's own category ids.
  func coco(image: Int) -> [JSONText] {
    detections.map { detection in
      let box = detection.box
      return [
        "image_id": .integer(image), "category_id": .integer(detection.classID),
        "bbox": .array([box.x, box.y, box.width, box.height].map(JSONText.number)),
        "score": .number(detection.score),
      ]
    }
  }

  /// YOLO's label file: the class's position among the task's classes, centre and extent in
  /// fractions of the picture, score. Classes without a name come after all others.
  var yolo: String {
    let (width, height) = (Double(self.width), Double(self.height))
    return detections.map { detection in
      let box = detection.box
      let numbers = [
        (Double(box.x) + Double(box.width) / 2) / width,
        (Double(box.y) + Double(box.height) / 2) / height, Double(box.width) / width,
        Double(box.height) / height, Double(detection.score),
      ]
      let position = classes.firstIndex(of: detection.label) ?? classes.count
      return "\(position) " + numbers.map { String(format: "%g", $0) }.joined(separator: " ")
        + "\n"
    }.joined()
  }

  /// The names of the columns of `csvRows`.
  static let csvHeader =
    "file,x_min,y_min,x_max,y_max,class_id,confidence,label,attributes\r\n"

  /// One row an object, quoted as RFC 4180 asks.
  var csvRows: String {
    detections.map { detection in
      let box = detection.box
      let cells = [
        quoted(file), "\(box.x)", "\(box.y)", "\(box.x + box.width)", "\(box.y + box.height)",
        "\(detection.classID)", "\(detection.score)", quoted(detection.label),
        quoted(detection.attributes.map(\.label).joined(separator: ";")),
      ]
      return cells.joined(separator: ",") + "\r\n"
    }.joined()
  }

  /// Pascal VOC's annotation: whole pixels, counted from 1, inside the picture.
  var voc: String {
    let folder = parentFolder(of: file) as NSString
    var text = """
      <annotation>
        <folder>\(escaped(folder.lastPathComponent))</folder>
        <filename>\(escaped((file as NSString).lastPathComponent))</filename>
        <size>
          <width>\(width)</width>
          <height>\(height)</height>
          <depth>3</depth>
        </size>
        <segmented>0</segmented>

      """
    for detection in detections {
      let box = detection.box
      func edge(_ place: Float, _ limit: Int) -> Int {
        max(1, min(Int(exactly: (place + 1).rounded()) ?? 1, limit))
      }
      text += """
          <object>
            <name>\(escaped(detection.label))</name>
            <pose>Unspecified</pose>
            <truncated>0</truncated>
            <difficult>0</difficult>
            <bndbox>
              <xmin>\(edge(box.x, width))</xmin>
              <ymin>\(edge(box.y, height))</ymin>
              <xmax>\(edge(box.x + box.width - 1, width))</xmax>
              <ymax>\(edge(box.y + box.height - 1, height))</ymax>
            </bndbox>
          </object>

        """
    }
    return text + "</annotation>\n"
  }

  private func quoted(_ cell: String) -> String {
    let isPlain = cell.unicodeScalars.allSatisfy { !",\"\r\n".unicodeScalars.contains($0) }
    return isPlain ? cell : "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
