import ArgumentParser
import Heads
import Inputs
import Models

/// The option about how finely pictures are decoded.
struct DecodingOptions: ParsableArguments {
  @Flag(
    help: """
      Decode large JPEGs in full even where the network sees them much smaller: slower, and with \
      the references' pixels to the last bit.
      """)
  var exactDecoding = false

  /// How a picture is decoded that only the model sees.
  func scale(for model: any AnsweringModel, _ task: TaskSpec) -> Decoding {
    scale(for: task.preprocessing ?? model.preprocessing)
  }

  /// How a picture is decoded that is only seen preprocessed.
  func scale(for preprocessing: Preprocessing?) -> Decoding {
    guard let preprocessing else { return .exact }
    return exactDecoding ? preprocessing.exactDecoding : preprocessing.decoding
  }
}
