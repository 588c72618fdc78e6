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
  let result = Tensor(shape: x.shape.dropLast() + [outputs]) { y in
    x0.withPointer { x in
      weight0.withPointer { weight in
        Parallel.forEach(size.tiles, operations: size.operations) { index in
          if let bias {
            let tile = size.tile(index)
            bias.withPointer { bias in
              for row in tile.rows {
                (y + row * outputs + tile.columns.lowerBound)
                  .update(from: bias + tile.columns.lowerBound, count: tile.columns.count)
              }
            }
          }
          multiply(
            tile: index, of: size, Factor(x, stride: inputs),
            Factor(weight, stride: inputs, transposed: true), adding: bias != nil, into: y,
            stride: outputs)
        }
      }
    }
  }
  return result.recorded(from: [x, weight] + (bias.map { [$0] } ?? [])) { gradient, needed in
    gradient.withPointer { g in
      var gradients: [Tensor?] = [nil, nil]
      if needed[0] {
        gradients[0] = Tensor(shape: x0.shape) { out in
          weight0.withPointer { weight in
            multiplyInTiles(
              ProductSize(rows: rows, columns: inputs, inner: outputs),
              Factor(g, stride: outputs), Factor(weight, stride: inputs), into: out,
              stride: inputs)
          }
        }
      }
      if needed[1] {
        gradients[1] = Tensor(shape: weight0.shape) { out in
          x0.withPointer { x in
            multiplyInTiles(
              ProductSize(rows: outputs, columns: inputs, inner: rows),
              Factor(g, stride: outputs, transposed: true), Factor(x, stride: inputs), into: out,
              stride: inputs)
          }
        }
      }
      if needed.count == 3 {
        gradients.append(
          needed[2]
            ? Tensor(shape: [outputs]) { kernel_column_sums(rows, outputs, g, $0) } : nil)
      }
      return gradients
    }
  }
}
