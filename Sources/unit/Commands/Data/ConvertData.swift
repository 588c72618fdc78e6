import ArgumentParser
import Datasets

/// Writes a data set in another format.
struct ConvertData: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a data set in another format.",
    discussion: """
      Examples:
        unit data convert coco --to yolo --output coco-as-yolo
        unit data convert VOCdevkit/VOC2007 --to coco --output voc --split trainval --pictures link

      Boxes keep every digit. What the new format has no place for, such as ids, crowds and areas, \
      stands in details.json beside it, from which the way back restores it. Outlines, key points \
      and captions are not carried over.
      """)

  @OptionGroup var data: MarkedDataOptions

  @Option(
    help: "\(MarkedFormat.list); if left out, what the files suggest.",
    transform: MarkedFormat.named)
  var from: MarkedFormat?

  @Option(
    help: "\(DatasetConversion.Target.list).", transform: DatasetConversion.Target.named)
  var to: DatasetConversion.Target

  @Option(help: "Folder to write; it must not be there, or be empty.")
  var output: String

  @Option(
    help: "copy, link (symbolic links) or none.", transform: DatasetConversion.Pictures.named)
  var pictures = DatasetConversion.Pictures.copy

  func run() throws {
    var conversion = try DatasetConversion(to: to, folder: output, pictures: pictures)
    let (_, parts) = try data.parts(from, option: "--from")
    try conversion.write(parts)
    for (split, data) in parts {
      let objects = data.pictures.reduce(0) { $0 + $1.objects.count }
      try StandardOutput.write(
        "\(output): \(split): \(data.pictures.count) pictures, \(objects) objects\n")
    }
  }
}

extension DatasetConversion.Target: NamedChoice {}
extension DatasetConversion.Pictures: NamedChoice {}
