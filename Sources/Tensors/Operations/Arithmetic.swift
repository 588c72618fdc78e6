import CKernels

extension Tensor {
  /// The sum, broadcasting as NumPy does.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, shapeB) = (a.shape, b.shape)
    return broadcasting(kernel_add, a, b).recorded(from: [a, b]) { gradient, needed in
      [
        needed[0] ? gradient.summed(to: shapeA) : nil,
        needed[1] ? gradient.summed(to: shapeB) : nil,
      ]
    }
  }

  /// The difference, broadcasting as NumPy does.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, shapeB) = (a.shape, b.shape)
    return broadcasting(kernel_subtract, a, b).recorded(from: [a, b]) { gradient, needed in
      [
        needed[0] ? gradient.summed(to: shapeA) : nil,
        needed[1] ? -gradient.summed(to: shapeB) : nil,
      ]
    }
  }

  /// The product of each pair of elements, broadcasting as NumPy does.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, shapeB) = (a.shape, b.shape)
    let keptA = b.isRecorded ? a.detached : nil
    let keptB = a.isRecorded ? b.detached : nil
    return broadcasting(kernel_multiply, a, b).recorded(from: [a, b]) { gradient, _ in
      [
        keptB.map { (gradient * $0).summed(to: shapeA) },
        keptA.map { (gradient * $0).summed(to: shapeB) },
      ]
    }
  }

  /// The quotient of each pair of elements, broadcasting as NumPy does.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, divisor) = (a.shape, b.detached)
    let quotient = broadcasting(kernel_divide, a, b)
    return quotient.recorded(from: [a, b]) { gradient, needed in
      let share = gradient / divisor
      return [
        needed[0] ? share.summed(to: shapeA) : nil,
        needed[1] ? -(share * quotient).summed(to: divisor.shape) : nil,
      ]
    }
  }

  /// A number added to every element.
  public static func + (a: Tensor, b: Float) -> Tensor {
    broadcasting(kernel_add, a, b).recorded(from: [a]) { gradient, _ in [gradient] }
  }

  /// A number added to every element.
  public static func + (a: Float, b: Tensor) -> Tensor { b + a }

  /// A number subtracted from every element.
  public static func - (a: Tensor, b: Float) -> Tensor { a + -b }

  /// Every element subtracted from a number.
  public static func - (a: Float, b: Tensor) -> Tensor {
    broadcasting(kernel_subtract, b, a, reversed: true)
      .recorded(from: [b]) { gradient, _ in [-gradient] }
  }

  /// Every element times a number.
  public static func * (a: Tensor, b: Float) -> Tensor {
    broadcasting(kernel_multiply, a, b).recorded(from: [a]) { gradient, _ in [gradient * b] }
  }

  /// Every element times a number.
  public static func * (a: Float, b: Tensor) -> Tensor { b * a }

  /// Every element divided by a number.
  public static func / (a: Tensor, b: Float) -> Tensor {
    broadcasting(kernel_divide, a, b).recorded(from: [a]) { gradient, _ in [gradient / b] }
  }

  /// A number divided by every element.
  public static func / (a: Float, b: Tensor) -> Tensor {
    let divisor = b.detached
    let quotient = broadcasting(kernel_divide, b, a, reversed: true)
    return quotient.recorded(from: [b]) { gradient, _ in [-(gradient * quotient / divisor)] }
  }

  /// The opposite of every element.
  public static prefix func - (a: Tensor) -> Tensor { a * -1 }
}
