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
    guard !exactDecoding, let preprocessing = task.preprocessing ?? model.preprocessing else {
      return .exact
    }
    return preprocessing.decoding
  }
}
