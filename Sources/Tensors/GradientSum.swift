extension Gradients {
  /// Adds the gradients of another scalar, each multiplied by a factor.
  ///
  /// A parameter that took part in one of the two only has that one's gradient. Parameters are
  /// added one by one, so the sum does not depend on threads or on the order of a dictionary.
  public mutating func add(_ other: Gradients, scaledBy factor: Float = 1) {
    for (identity, gradient) in other.byParameter {
      let gradient = factor == 1 ? gradient : gradient * factor
      if byParameter[identity] == nil {
        byParameter[identity] = gradient
      } else {
        byParameter[identity]!.accumulate(gradient)
      }
    }
  }

  /// Multiplies every gradient by a factor.
  public mutating func scale(by factor: Float) {
    guard factor != 1 else { return }
    for identity in byParameter.keys { byParameter[identity]! = byParameter[identity]! * factor }
  }
}
