import Synchronization

/// What a layer makes of its parameters to answer faster, such as packed weights.
///
/// At the first use outside of `withGradients` it is made for that use alone, and from the second on
/// it is kept: who asks once shall not pay for the memory of every layer. It is made anew after a
/// parameter got another value; within `withGradients` there is none, and the layer computes with the
/// parameters themselves. Several threads may ask at the same time.
public final class Prepared<Form: Sendable>: Sendable {
  private let kept = Mutex<(versions: [Int], form: Form?)?>(nil)

  /// Nothing yet.
  public init() {}

  /// The form that `make` gives for the present values of `parameters`, or nil while gradients are
  /// being recorded. `make` is told whether the form is kept for further uses.
  public func callAsFunction(_ parameters: Parameter..., make: (_ lasts: Bool) -> Form) -> Form? {
    guard Tape.current == nil else { return nil }
    let versions = parameters.map(\.version)
    return kept.withLock { kept in
      let isKnown = kept?.versions == versions
      if isKnown, let form = kept?.form { return form }
      let form = make(isKnown)
      // What was read for it is hardly read again: a mapped file need not stay in memory.
      for parameter in parameters { parameter.value.giveBackPages() }
      kept = (versions, isKnown ? form : nil)
      return form
    }
  }
}
