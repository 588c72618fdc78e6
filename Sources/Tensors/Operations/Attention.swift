import CKernels

/// Scaled dot-product attention of several heads (Vaswani et al., Attention Is All You Need, 2017).
///
/// Each head `i` reads its own `d` of the last axis; scores are divided by `sqrt(d)`. Weights are
/// kept for a block of queries only and made again for the gradient, so memory does not grow with
/// queries times keys. A query whose keys are all masked gets zeros (PyTorch gives NaN there).
///
/// - Parameters:
///   - query: `[batch, queries, heads * d]`.
///   - key: `[batch, keys, heads * d]`.
///   - value: `[batch, keys, heads * v]`.
///   - heads: number of heads.
///   - mask: added to the scores, a constant; any shape that broadcasts to
///     `[batch, heads, queries, keys]` with all keys present.
///   - keyPadding: `batch * keys` flags, true where a key is valid; nil when all are.
///   - dropout: share of weights dropped, inside a `withGradients` that has a dropout key.
/// - Returns: `[batch, queries, heads * v]`.
public func attention(
  query: Tensor, key: Tensor, value: Tensor, heads: Int, mask: Tensor? = nil,
  keyPadding: [Bool]? = nil, dropout: Float = 0
) -> Tensor {
  precondition(dropout >= 0 && dropout < 1, "a dropout rate lies in 0..<1, not at \(dropout)")
  let plan = AttentionPlan(
    query: query.shape, key: key.shape, value: value.shape, heads: heads, mask: mask,
    keyPadding: keyPadding, dropout: dropout)
  let (q0, k0, v0) = (query.detached, key.detached, value.detached)
  Profile.count(plan.products)
  let statistics = plan.emptyStatistics()
  let result = Tensor(shape: [plan.batch, plan.queries, heads * plan.valueWidth]) { out in
    plan.forward(q0, k0, v0, statistics: statistics, into: out)
  }
  let output = result.detached
  return result.recorded(from: [query, key, value]) { gradient, _ in
    plan.gradients(q0, k0, v0, output: output, gradient: gradient, statistics: statistics)
  }
}

/// The weights that `attention` gives each key, `[batch, heads, queries, keys]`; for explanations,
/// without gradients.
public func attentionWeights(
  query: Tensor, key: Tensor, heads: Int, mask: Tensor? = nil, keyPadding: [Bool]? = nil
) -> Tensor {
  let plan = AttentionPlan(
    query: query.shape, key: key.shape, value: key.shape, heads: heads, mask: mask,
    keyPadding: keyPadding, dropout: 0)
  let statistics = plan.emptyStatistics()
  return Tensor(shape: [plan.batch, heads, plan.queries, plan.keys]) { weights in
    plan.weights(query, key, statistics: statistics, into: weights)
  }
}

/// The largest score of each row and one over its sum of exponentials, `[2, batch, heads, queries]`.
typealias AttentionStatistics = Storage

/// Extents of one attention, and the cut into pieces: one block of queries of one head.
struct AttentionPlan: Sendable {
  let batch: Int
  let queries: Int
  let keys: Int
  let heads: Int
  let keyWidth: Int
  let valueWidth: Int
  let scale: Float
  let mask: Tensor?
  /// Floats between neighbours of the mask along batch, heads and queries.
  let maskStrides: [Int]
  let keyPadding: [Bool]?
  let dropout: Float
  let dropoutKey: UInt64
  /// Queries of one piece: as many as make up for packing keys and values anew.
  let block: Int

  init(
    query: Shape, key: Shape, value: Shape, heads: Int, mask: Tensor?, keyPadding: [Bool]?,
    dropout: Float
  ) {
    precondition(
      query.count == 3 && key.count == 3 && value.count == 3 && heads > 0
        && query[0] == key[0] && query[0] == value[0] && key[1] == value[1] && query[2] == key[2]
        && query[2] % heads == 0 && value[2] % heads == 0,
      "attention of \(heads) heads got query \(query), key \(key), value \(value)")
    (batch, queries, keys) = (query[0], query[1], key[1])
    self.heads = heads
    keyWidth = query[2] / heads
    valueWidth = value[2] / heads
    scale = 1 / Float(keyWidth).squareRoot()
    self.mask = mask?.detached
    if let mask {
      let whole = [batch, heads, queries, keys]
      precondition(
        mask.rank <= 4 && mask.shape.last == keys && mask.shape.broadcast(with: whole) == whole,
        "attention got a mask of \(mask.shape) for scores of \(whole)")
      let padded = Shape(repeating: 1, count: 4 - mask.rank) + mask.shape
      let strides = padded.rowMajorStrides
      maskStrides = (0..<3).map { padded[$0] == 1 ? 0 : strides[$0] }
    } else {
      maskStrides = [0, 0, 0]
    }
    precondition(
      keyPadding == nil || keyPadding!.count == batch * keys,
      "attention got \(keyPadding!.count) key flags for \(batch) x \(keys) keys")
    self.keyPadding = keyPadding
    let key = dropout > 0 ? Tape.current?.nextDropoutKey() : nil
    self.dropout = key == nil ? 0 : dropout
    dropoutKey = key?.bits ?? 0
    let parts = max(1, (queries + 511) / 512)
    block = max(1, (queries + parts - 1) / parts)
  }

  var blocks: Int { (queries + block - 1) / block }

  /// Multiply-adds of the two products of one forward pass.
  var products: Int { products(keys: keys) }

  /// Multiply-adds of the two products of one forward pass over other keys.
  func products(keys: Int) -> Int { batch * heads * queries * keys * (keyWidth + valueWidth) }

  /// Multiply-adds of one forward pass, an exponential counted as 16.
  var operations: Int { products + 16 * batch * heads * queries * keys }

  func emptyStatistics() -> AttentionStatistics { Storage(count: 2 * batch * heads * queries) }

  /// The tensors that all pieces work on.
  struct Operands {
    let query: UnsafePointer<Float>
    let key: UnsafePointer<Float>
    let value: UnsafePointer<Float>?
    let mask: UnsafePointer<Float>?
    let valid: UnsafePointer<UInt8>?
    let out: UnsafeMutablePointer<Float>?
    let largest: UnsafeMutablePointer<Float>
    let inverse: UnsafeMutablePointer<Float>
  }

  /// Calls `body` with the pointers in place.
  func withOperands(
    _ query: Tensor, _ key: Tensor, _ value: Tensor? = nil, statistics: AttentionStatistics,
    out: UnsafeMutablePointer<Float>? = nil, _ body: (Operands) -> Void
  ) {
    func call(_ valid: UnsafePointer<UInt8>?) {
      withExtendedLifetime((query, key, value, mask, statistics)) {
        body(
          Operands(
            query: query.storage.pointer, key: key.storage.pointer,
            value: (value?.storage.pointer).map { UnsafePointer($0) },
            mask: (mask?.storage.pointer).map { UnsafePointer($0) }, valid: valid, out: out,
            largest: statistics.pointer, inverse: statistics.pointer + statistics.count / 2))
      }
    }
    guard let keyPadding else { return call(nil) }
    keyPadding.map { $0 ? UInt8(1) : 0 }.withUnsafeBufferPointer { call($0.baseAddress) }
  }

  /// What the kernels work on: the queries `rows` of one head.
  func piece(
    _ operands: Operands, sample: Int, head: Int, rows: Range<Int>
  ) -> kernel_attention {
    let (width, valuesWidth) = (heads * keyWidth, heads * valueWidth)
    let row = sample * queries + rows.lowerBound
    let statistic = (sample * heads + head) * queries + rows.lowerBound
    return kernel_attention(
      queries: rows.count, keys: keys, width: keyWidth, value_width: valueWidth,
      query: operands.query + row * width + head * keyWidth,
      key: operands.key + sample * keys * width + head * keyWidth,
      value: operands.value.map { $0 + sample * keys * valuesWidth + head * valueWidth },
      query_stride: width, key_stride: width, value_stride: valuesWidth, scale: scale,
      mask: operands.mask.map {
        $0 + sample * maskStrides[0] + head * maskStrides[1] + rows.lowerBound * maskStrides[2]
      },
      mask_stride: maskStrides[2], valid: operands.valid.map { $0 + sample * keys },
      dropout: dropout, dropout_key: dropoutKey,
      position: position(sample: sample, head: head, row: rows.lowerBound),
      out: operands.out.map { $0 + row * valuesWidth + head * valueWidth },
      out_stride: valuesWidth, largest: operands.largest + statistic,
      inverse: operands.inverse + statistic, samples: 1, shared_keys: 0, shared: nil,
      shared_valid: nil)
  }

  /// Where in the counting of all weights a row begins: the position of its random numbers.
  func position(sample: Int, head: Int, row: Int) -> UInt64 {
    UInt64(((sample * heads + head) * queries + row) * keys)
  }
}
