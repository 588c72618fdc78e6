import Synchronization

/// What a layer makes of its parameters to answer faster, such as packed weights.
///
/// It is made at the first use outside of `withGradients` and made anew after a parameter got another
/// value; within `withGradients` there is none, and the layer computes with the parameters
/// themselves. Several threads may ask at the same time.
public final class Prepared<Form: Sendable>: Sendable {
  private let kept = Mutex<(versions: [Int], form: Form)?>(nil)

  /// Nothing yet.
  public init() {}

  /// The form that `make` gives for the present values of `parameters`, or nil while gradients are
  /// being recorded.
  public func callAsFunction(_ parameters: Parameter..., make: () -> Form) -> Form? {
    guard Tape.current == nil else { return nil }
    let versions = parameters.map(\.version)
    return kept.withLock { kept in
      if let kept, kept.versions == versions { return kept.form }
      let form = make()
      // What was read for it is hardly read again: a mapped file need not stay in memory.
      for parameter in parameters { parameter.value.giveBackPages() }
      kept = (versions, form)
      return form
    }
  }
}
