import CKernels

/// Affine map of the last axis: `x * weight^T + bias`, `[..., in] -> [..., out]`.
///
/// - Parameters:
///   - x: `[..., in]`.
///   - weight: `[out, in]`, as PyTorch stores it.
///   - bias: `[out]`, or nil for none.
public func linear(_ x: Tensor, weight: Tensor, bias: Tensor? = nil) -> Tensor {
  precondition(
    x.rank >= 1 && weight.rank == 2 && x.shape[x.rank - 1] == weight.shape[1],
    "linear cannot apply a weight of \(weight.shape) to an input of \(x.shape)")
  precondition(
    bias == nil || bias!.shape == [weight.shape[0]],
    "linear with a weight of \(weight.shape) got a bias of \(bias!.shape)")
  let (outputs, inputs) = (weight.shape[0], weight.shape[1])
  let rows = x.shape.dropLast().reduce(1, *)
  let x0 = x.detached
  let weight0 = weight.detached
  let size = ProductSize(rows: rows, columns: outputs, inner: inputs)
  Profile.count(size.operations)
  let result = Tensor(shape: x.shape.dropLast() + [outputs]) { y in
    withExtendedLifetime((x0, weight0, bias)) {
      multiplyPacking(
        size, x0.storage.pointer, Factor(weight0.storage.pointer, stride: inputs, transposed: true),
        shift: (bias?.storage.pointer).map { UnsafePointer($0) }, into: y)
    }
  }
  return result.recorded(from: [x, weight] + (bias.map { [$0] } ?? [])) { gradient, needed in
    withExtendedLifetime((x0, weight0)) {
      gradient.withPointer { g in
        let dx =
          needed[0]
          ? Tensor(shape: x0.shape) { out in
            multiplyPacking(
              ProductSize(rows: rows, columns: inputs, inner: outputs), g,
              Factor(weight0.storage.pointer, stride: inputs), into: out)
          } : nil
        let dBias = needed.count == 3 && needed[2] ? Storage(count: outputs) : nil
        var dWeight: Tensor?
        if needed[1] || dBias != nil {
          let turned = transposed(g, rows: rows, columns: outputs, columnSums: dBias?.pointer)
          if needed[1] {
            dWeight = Tensor(shape: weight0.shape) { out in
              multiplyPacking(
                ProductSize(rows: outputs, columns: inputs, inner: rows), turned.pointer,
                Factor(x0.storage.pointer, stride: inputs), into: out)
            }
          }
        }
        let gradients = [dx, dWeight]
        guard needed.count == 3 else { return gradients }
        return gradients + [dBias.map { Tensor(shape: [outputs], storage: $0) }]
      }
    }
  }
}
