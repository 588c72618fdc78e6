/// What TensorBoard is told: one `Event` of its protocol.
struct TrainingEvent {
  /// What an event says.
  enum Content {
    /// The first event of every file.
    case version
    /// Training goes on: whatever older files say about this step and later ones does not count.
    case sessionStart
    /// Numbers of one step.
    case scalars([(tag: String, value: Double)])
    /// A picture of one step.
    case picture(tag: String, png: [UInt8], width: Int, height: Int)
  }

  /// Seconds since 1970.
  let time: Double
  /// The step.
  let step: Int
  /// What it says.
  let content: Content

  /// The event's bytes. Field numbers are those of TensorFlow's `event.proto` and `summary.proto`.
  var encoded: [UInt8] {
    var event = ProtobufMessage()
    event.add(1, time)
    // As proto3 writes it: a number that is 0 is left out.
    if step != 0 { event.add(2, Int64(step)) }
    switch content {
    case .version: event.add(3, "brain.Event:2")
    case .sessionStart:
      var session = ProtobufMessage()
      session.add(1, Int64(1))
      event.add(7, session)
    case .scalars(let scalars): event.add(5, Self.summary(scalars))
    case .picture(let tag, let png, let width, let height):
      event.add(5, Self.summary(tag, png, width, height))
    }
    return event.bytes
  }

  private static func summary(_ scalars: [(tag: String, value: Double)]) -> ProtobufMessage {
    var summary = ProtobufMessage()
    for scalar in scalars {
      var value = ProtobufMessage()
      value.add(1, scalar.tag)
      value.add(2, Float(scalar.value))
      summary.add(1, value)
    }
    return summary
  }

  private static func summary(
    _ tag: String, _ png: [UInt8], _ width: Int, _ height: Int
  ) -> ProtobufMessage {
    let channelsOfRGB: Int64 = 3
    var image = ProtobufMessage()
    image.add(1, Int64(height))
    image.add(2, Int64(width))
    image.add(3, channelsOfRGB)
    image.add(4, png)
    var value = ProtobufMessage()
    value.add(1, tag)
    value.add(4, image)
    var summary = ProtobufMessage()
    summary.add(1, value)
    return summary
  }

  /// The step of an encoded event; 0 where it names none.
  static func step(of encoded: ArraySlice<UInt8>) -> Int {
    for case (2, .number(let bits)) in ProtobufFields(encoded) {
      return Int(Int64(bitPattern: bits))
    }
    return 0
  }
}
