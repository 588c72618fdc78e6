import CKernels

extension AttentionPlan {
  /// The forward pass: weights of a block of queries, then their mean of the values.
  func forward(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, statistics: AttentionStatistics,
    into out: UnsafeMutablePointer<Float>
  ) {
    let width = heads * valueWidth
    value.withPointer { value in
      withInputs(query, key, statistics) { inputs in
        Parallel.forEachRange(batch * heads * blocks, operations: operations) { pieces in
          let weights = Storage(count: block * keys)
          for piece in pieces {
            let (head, sample) = (piece / blocks % heads, piece / blocks / heads)
            let start = piece % blocks * block
            let rows = start..<min(queries, start + block)
            self.weights(
              inputs, sample: sample, head: head, rows: rows, recalling: false,
              into: weights.pointer)
            if dropout > 0 {
              kernel_attention_dropout(
                rows.count * keys, dropoutKey, position(sample: sample, head: head, row: start),
                dropout, weights.pointer)
            }
            multiply(
              ProductSize(rows: rows.count, columns: valueWidth, inner: keys),
              Factor(weights.pointer, stride: max(keys, 1)),
              Factor(value + sample * keys * width + head * valueWidth, stride: width),
              into: out + (sample * queries + start) * width + head * valueWidth, stride: width)
          }
        }
      }
    }
  }

  /// All weights, `[batch, heads, queries, keys]`.
  func weights(
    _ query: Tensor, _ key: Tensor, statistics: AttentionStatistics,
    into out: UnsafeMutablePointer<Float>
  ) {
    withInputs(query, key, statistics) { inputs in
      Parallel.forEach(batch * heads, operations: operations) { piece in
        weights(
          inputs, sample: piece / heads, head: piece % heads, rows: 0..<queries, recalling: false,
          into: out + piece * queries * keys)
      }
    }
  }

  /// Gradients of query, key and value.
  ///
  /// With `P` the weights, `D` the dropout factors and `g` the output's gradient, the gradient of
  /// the scores is `P * (g V^T * D - rowsum(g * output))`: the row sum of `P * dP` needs no pass
  /// over the keys (Dao et al., FlashAttention, 2022, appendix B).
  func gradients(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, output: Tensor, gradient: Tensor,
    statistics: AttentionStatistics
  ) -> [Tensor?] {
    let targets = [query, key, value].map { (shape: $0.shape, storage: Storage(count: $0.count)) }
    let (dq, dk, dv) = (
      targets[0].storage.pointer, targets[1].storage.pointer, targets[2].storage.pointer
    )
    value.withPointer { value in
      output.withPointer { output in
        gradient.withPointer { gradient in
          withInputs(query, key, statistics) { inputs in
            Parallel.forEachRange(batch * heads, operations: 3 * operations) { pieces in
              let scratch = Storage(count: block * (2 * keys + 1))
              for piece in pieces {
                headGradients(
                  inputs, value: value, output: output, gradient: gradient,
                  sample: piece / heads, head: piece % heads, scratch: scratch.pointer,
                  into: (dq, dk, dv))
              }
            }
          }
        }
      }
    }
    return targets.map { Tensor(shape: $0.shape, storage: $0.storage) }
  }

  /// Gradients of one head: blocks of queries one after the other, because all add to the keys.
  private func headGradients(
    _ inputs: Inputs, value: UnsafePointer<Float>, output: UnsafePointer<Float>,
    gradient: UnsafePointer<Float>, sample: Int, head: Int,
    scratch weights: UnsafeMutablePointer<Float>,
    into targets: (
      query: UnsafeMutablePointer<Float>, key: UnsafeMutablePointer<Float>,
      value: UnsafeMutablePointer<Float>
    )
  ) {
    let (width, valuesWidth) = (heads * keyWidth, heads * valueWidth)
    let row = max(keys, 1)
    let scores = weights + block * keys
    let totals = scores + block * keys
    let keyStart = sample * keys * width + head * keyWidth
    let valueStart = sample * keys * valuesWidth + head * valueWidth
    if queries == 0 {
      for key in 0..<keys {
        (targets.key + keyStart + key * width).update(repeating: 0, count: keyWidth)
        (targets.value + valueStart + key * valuesWidth).update(repeating: 0, count: valueWidth)
      }
    }
    for start in stride(from: 0, to: queries, by: block) {
      let rows = start..<min(queries, start + block)
      let queryStart = (sample * queries + start) * width + head * keyWidth
      let outStart = (sample * queries + start) * valuesWidth + head * valueWidth
      self.weights(
        inputs, sample: sample, head: head, rows: rows, recalling: true, into: weights)
      kernel_row_dots(
        rows.count, valueWidth, gradient + outStart, output + outStart, valuesWidth, totals)
      multiply(
        ProductSize(rows: rows.count, columns: keys, inner: valueWidth),
        Factor(gradient + outStart, stride: valuesWidth),
        Factor(value + valueStart, stride: valuesWidth, transposed: true), into: scores,
        stride: row)
      kernel_attention_gradient(
        rows.count, keys, dropoutKey, position(sample: sample, head: head, row: start), dropout,
        totals, weights, scores)
      multiply(
        ProductSize(rows: rows.count, columns: keyWidth, inner: keys),
        Factor(scores, stride: row), Factor(inputs.key + keyStart, stride: width), scale: scale,
        into: targets.query + queryStart, stride: width)
      multiply(
        ProductSize(rows: keys, columns: keyWidth, inner: rows.count),
        Factor(scores, stride: row, transposed: true),
        Factor(inputs.query + queryStart, stride: width), scale: scale, adding: start > 0,
        into: targets.key + keyStart, stride: width)
      multiply(
        ProductSize(rows: keys, columns: valueWidth, inner: rows.count),
        Factor(weights, stride: row, transposed: true),
        Factor(gradient + outStart, stride: valuesWidth), adding: start > 0,
        into: targets.value + valueStart, stride: valuesWidth)
    }
  }
}
