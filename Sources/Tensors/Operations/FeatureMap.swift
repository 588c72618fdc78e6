import CKernels

/// A feature map `[batch, height, width, channels]` between convolutions: a tensor, or in a lower
/// precision numbers that are rounded to bfloat16.
///
/// The convolution that reads a map rounds it as far or further; a residual that is added is rounded
/// here alone, once a block. A rounded map takes half of the memory, and reading and writing memory
/// is what wide maps of few channels cost in low precision.
public struct FeatureMap: Sendable {
  /// Batch, height, width, channels.
  public let shape: Shape
  private var floats: Tensor?
  private var rounded: Storage?

  /// The map that `tensor` is.
  public init(_ tensor: consuming Tensor) {
    shape = tensor.shape
    floats = consume tensor
  }

  /// A map of bfloat16, two in the place of each float of `storage`.
  init(shape: Shape, rounded storage: Storage) {
    self.shape = shape
    rounded = storage
  }

  /// The map in 32-bit floats.
  public var tensor: Tensor {
    if let floats { return floats }
    return Tensor(shape: shape) { wide in
      withExtendedLifetime(rounded) {
        nonisolated(unsafe) let (x, y) = (pointer, wide)
        x.withMemoryRebound(to: UInt16.self, capacity: shape.elementCount) { x in
          nonisolated(unsafe) let x = x
          Parallel.forEachRange(shape.elementCount, grain: 65_536) {
            kernel_widen($0.count, x + $0.lowerBound, y + $0.lowerBound)
          }
        }
      }
    }
  }

  /// Whether the numbers are bfloat16.
  var isRounded: Bool { rounded != nil }

  /// The first number; of a rounded map, the first pair of numbers.
  var pointer: UnsafePointer<Float> {
    UnsafePointer((rounded ?? floats!.storage).pointer)
  }

  /// The map's own memory, for a result of the same form that is written over it; nil where somebody
  /// else can see it too.
  mutating func storageToOverwrite() -> Storage? {
    guard rounded != nil else { return floats?.storageToOverwrite() }
    return isKnownUniquelyReferenced(&rounded) ? rounded : nil
  }

  /// Floats of memory that a map of `shape` takes.
  static func room(_ shape: Shape, isRounded: Bool) -> Int {
    isRounded ? (shape.elementCount + 1) / 2 : shape.elementCount
  }
}

/// A prepared convolution between feature maps, without gradients; see
/// `convolution2d(_:_:residual:activation:)`.
///
/// - Parameters:
///   - x: `[batch, height, width, channels]`
///   - packed: weights, scale and shift.
///   - residual: of the result's shape, added before the activation. Where the caller gives it away
///     (`consume`) and nobody else holds it, its memory may become the result's.
///   - rounds: whether the result may be rounded to bfloat16. It is where the convolution is computed
///     in a lower precision.
public func convolution2d(
  _ x: FeatureMap, _ packed: PackedConvolution, residual: consuming FeatureMap? = nil,
  activation: Activation = .none, rounds: Bool
) -> FeatureMap {
  let plan = ConvolutionPlan(x.shape, weight: packed.weight.shape, packed.geometry)
  return plan.run(x, packed, residual: consume residual, activation: activation, rounds: rounds)
}
