import Foundation
import Heads

/// The objects found in one picture, and where.
struct DetectionReport {
  /// The picture's path, or `-`.
  let file: String
  /// Width of the upright original in pixels.
  let width: Int
  /// Height of the upright original in pixels.
  let height: Int
  /// The task that found them.
  let task: String
  /// The names of the task's classes, in their order.
  let classes: [String]
  /// Most probable first.
  let detections: [Detection]

  /// The result as this program's own format, version 1.
  var json: JSONText {
    [
      "schema": 1, "file": .string(file), "width": .integer(width), "height": .integer(height),
      "task": .string(task), "detections": .array(detections.map(\.json)),
    ]
  }

  /// The result as Hugging Face's object-detection pipeline gives it: whole pixels, cut off towards
  /// zero.
  var huggingFace: JSONText {
    .array(
      detections.map { detection in
        let box = detection.box
        func whole(_ number: Float) -> JSONText {
          .integer(Int(exactly: number.rounded(.towardZero)) ?? 0)
        }
        return [
          "score": .number(detection.score), "label": .string(detection.label),
          "box": [
            "xmin": whole(box.x), "ymin": whole(box.y), "xmax": whole(box.x + box.width),
            "ymax": whole(box.y + box.height),
          ],
        ]
      })
  }

  /// The result for people.
  var text: String {
    let objects = detections.count == 1 ? "1 object" : "\(detections.count) objects"
    var text = "\(file): \(width) x \(height), \(objects)\n"
    let width = detections.map(\.label.count).max() ?? 0
    for detection in detections {
      let label = detection.label.padding(toLength: width, withPad: " ", startingAt: 0)
      let box = detection.box
      text += "  \(label)  \(detection.score.decimals(3))  x \(box.x.decimals(1)) y "
      text += "\(box.y.decimals(1)) width \(box.width.decimals(1)) height "
      text += box.height.decimals(1)
      for attribute in detection.attributes {
        text += "  \(attribute.label) \(attribute.score.decimals(3))"
      }
      text += "\n"
    }
    return text
  }
}

extension Detection {
  /// The object as this program's own format has it.
  var json: JSONText {
    [
      "label": .string(label), "class_id": .integer(classID), "score": .number(score),
      "box": [
        "x": .number(box.x), "y": .number(box.y), "width": .number(box.width),
        "height": .number(box.height),
      ],
      "attributes": .array(
        attributes.map { ["label": .string($0.label), "score": .number($0.score)] }),
    ]
  }
}
