import CKernels

extension AttentionPlan {
  /// The forward pass, cut into blocks of queries of one head.
  func forward(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, statistics: AttentionStatistics,
    into out: UnsafeMutablePointer<Float>
  ) {
    withOperands(query, key, value, statistics: statistics, out: out) { operands in
      Parallel.forEachRange(batch * heads * blocks, operations: operations) { pieces in
        var whole = self.piece(operands, sample: 0, head: 0, rows: 0..<min(queries, block))
        let scratch = Storage(
          count: kernel_attention_scratch(&whole, Int32(KERNEL_ATTENTION_FORWARD)))
        for piece in pieces {
          let start = piece % blocks * block
          var attention = self.piece(
            operands, sample: piece / blocks / heads, head: piece / blocks % heads,
            rows: start..<min(queries, start + block))
          kernel_attention_forward(&attention, scratch.pointer)
        }
      }
    }
  }

  /// All weights, `[batch, heads, queries, keys]`.
  func weights(
    _ query: Tensor, _ key: Tensor, statistics: AttentionStatistics,
    into out: UnsafeMutablePointer<Float>
  ) {
    withOperands(query, key, statistics: statistics) { operands in
      Parallel.forEach(batch * heads, operations: operations) { piece in
        var attention = self.piece(
          operands, sample: piece / heads, head: piece % heads, rows: 0..<queries)
        let scratch = Storage(
          count: kernel_attention_scratch(&attention, Int32(KERNEL_ATTENTION_WEIGHTS)))
        kernel_attention_weights(&attention, scratch.pointer, out + piece * queries * keys)
      }
    }
  }

  /// Gradients of query, key and value. A head is one piece, because all its queries add to the
  /// keys.
  func gradients(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, output: Tensor, gradient: Tensor,
    statistics: AttentionStatistics
  ) -> [Tensor?] {
    let targets = [query, key, value].map { (shape: $0.shape, storage: Storage(count: $0.count)) }
    let (dq, dk, dv) = (
      targets[0].storage.pointer, targets[1].storage.pointer, targets[2].storage.pointer
    )
    withExtendedLifetime((output, gradient)) {
      let g = UnsafePointer(gradient.storage.pointer)
      withOperands(query, key, value, statistics: statistics, out: output.storage.pointer) {
        operands in
        Parallel.forEach(batch * heads, operations: 3 * operations) { piece in
          let (sample, head) = (piece / heads, piece % heads)
          var attention = self.piece(operands, sample: sample, head: head, rows: 0..<queries)
          let (width, valuesWidth) = (attention.key_stride, attention.value_stride)
          let keyStart = sample * keys * width + head * keyWidth
          var gradients = kernel_attention_gradients(
            out: g + sample * queries * valuesWidth + head * valueWidth,
            query: dq + sample * queries * width + head * keyWidth, key: dk + keyStart,
            value: dv + sample * keys * valuesWidth + head * valueWidth, out_stride: valuesWidth,
            query_stride: width, key_stride: width, value_stride: valuesWidth)
          let scratch = Storage(
            count: kernel_attention_scratch(&attention, Int32(KERNEL_ATTENTION_BACKWARD)))
          kernel_attention_backward(&attention, &gradients, scratch.pointer)
        }
      }
    }
    return targets.map { Tensor(shape: $0.shape, storage: $0.storage) }
  }
}
