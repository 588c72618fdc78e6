/// A key for what a training step does at random, such as noise on its targets; nil outside a
/// `withGradients` that was given a dropout key.
///
/// It depends on that key and on the position among the random operations of the pass.
public func nextTrainingKey() -> RandomKey? { Tape.current?.nextDropoutKey() }
