import CKernels

extension ConvolutionPlan {
  /// Panels of one group's weights.
  var panels: Int { (outputs + PackedPanels.width - 1) / PackedPanels.width }

  /// The weights as panels of the product with the patches, group by group.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, inputs, kernel height, kernel width]`
  ///   - scale: a factor for each output, `[outputs]`
  ///   - turned: packs for the gradient of the input: `self` is then the plan of that gradient,
  ///     inputs and outputs have changed places, and kernels are turned by half a circle.
  ///   - lasting: whether they are kept for later calls.
  func directPanels(
    _ weight: Tensor, scale: Tensor? = nil, turned: Bool = false, lasting: Bool = false
  ) -> Storage {
    let storage = Storage(
      count: groups * panels * patch * PackedPanels.width, lasting: lasting)
    pack(weight, scale: scale, turned: turned, into: storage) { kernel_pack_taps(&$0, $1) }
    return storage
  }

  /// The weights of the product with the patches in a lower precision, for one group.
  ///
  /// - Parameters: as for `directPanels`.
  func lowPanels(
    _ weight: Tensor, scale: Tensor?, precision: Precision, lasting: Bool
  ) -> PackedPanels {
    let rows = kernelHeight * kernelWidth == 1 ? weight : weight.transposed([0, 2, 3, 1])
    return withExtendedLifetime((rows, scale)) {
      PackedPanels(
        UnsafePointer(rows.storage.pointer), inner: patch, columns: outputs,
        strides: (inner: 1, column: patch),
        columnScale: scale.map { UnsafePointer($0.storage.pointer) }, precision: precision,
        lasting: lasting)
    }
  }

  /// The transformed weights of Winograd's convolution, panel by panel; the parameters are those of
  /// `directPanels`.
  func winogradPanels(
    _ weight: Tensor, scale: Tensor? = nil, turned: Bool = false, lasting: Bool = false
  ) -> Storage {
    let side = winogradSide
    let storage = Storage(count: panels * winogradPanelCount, lasting: lasting)
    pack(weight, scale: scale, turned: turned, into: storage) {
      kernel_winograd_weights(side, &$0, $1)
    }
    return storage
  }

  /// Floats of one panel of transformed weights.
  var winogradPanelCount: Int { winogradProducts * inputs * PackedPanels.width }

  private func pack(
    _ weight: Tensor, scale: Tensor?, turned: Bool, into storage: Storage,
    _ kernel: (inout kernel_weights, UnsafeMutablePointer<Float>) -> Void
  ) {
    let pieces = groups * panels
    let taps = kernelHeight * kernelWidth
    let steps =
      turned ? (output: taps, input: outputs * taps) : (output: inputs * taps, input: taps)
    withExtendedLifetime((weight, scale)) {
      nonisolated(unsafe) let source = UnsafePointer(weight.storage.pointer)
      nonisolated(unsafe) let factors = scale.map { UnsafePointer($0.storage.pointer) }
      Parallel.forEach(pieces, operations: storage.count) { piece in
        let (group, first) = (piece / panels, piece % panels * PackedPanels.width)
        var panel = kernel_weights(
          taps: taps, turned: turned ? 1 : 0, inputs: inputs,
          outputs: min(PackedPanels.width, outputs - first),
          weight: source + group * outputs * patch + first * steps.output,
          output_step: steps.output, input_step: steps.input,
          scale: factors.map { $0 + group * outputs + first })
        kernel(&panel, storage.pointer + piece * (storage.count / pieces))
      }
    }
  }
}
