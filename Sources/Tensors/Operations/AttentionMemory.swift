import CKernels

/// Keys and values of one attention's heads, laid out once for many queries; without gradients.
public struct AttentionMemory: Sendable {
  /// Number of samples; one may be read by many.
  public let batch: Int
  /// Keys of a sample.
  public let keys: Int
  let heads: Int
  let keyWidth: Int
  let valueWidth: Int
  /// `[batch, keys]` flags, nil where all keys count.
  private let valid: [UInt8]?
  /// `[batch, heads, extent]`
  private let packed: Storage
  private let extent: Int

  /// Lays out keys and values.
  ///
  /// - Parameters:
  ///   - key: `[batch, keys, heads * d]`.
  ///   - value: `[batch, keys, heads * v]`.
  ///   - heads: number of heads.
  ///   - keyPadding: `batch * keys` flags, true where a key is valid; nil when all are.
  public init(key: Tensor, value: Tensor, heads: Int, keyPadding: [Bool]? = nil) {
    precondition(Tape.current == nil, "keys that are laid out once have no gradients")
    let plan = AttentionPlan(
      query: key.shape, key: key.shape, value: value.shape, heads: heads, mask: nil,
      keyPadding: keyPadding, dropout: 0)
    let (batch, keys) = (plan.batch, plan.keys)
    (self.batch, self.keys, self.heads) = (batch, keys, heads)
    (keyWidth, valueWidth) = (plan.keyWidth, plan.valueWidth)
    valid = keyPadding.map { $0.map { $0 ? 1 : 0 } }
    var shape = kernel_attention()
    (shape.keys, shape.width, shape.value_width) = (keys, keyWidth, valueWidth)
    // Whole lines of the cache.
    let extent = (kernel_attention_packed(&shape) + 15) / 16 * 16
    let packed = Storage(count: batch * heads * extent)
    plan.withOperands(key, key, value, statistics: Storage(count: 0)) { operands in
      Parallel.forEach(batch * heads, operations: 4 * (key.count + value.count)) { piece in
        var attention = plan.piece(
          operands, sample: piece / heads, head: piece % heads, rows: 0..<0)
        kernel_attention_pack(&attention, packed.pointer + piece * extent)
      }
    }
    (self.packed, self.extent) = (packed, extent)
  }

  /// Calls `body` with the flags of all samples in place.
  fileprivate func withValid(_ body: (UnsafePointer<UInt8>?) -> Void) {
    guard let valid else { return body(nil) }
    valid.withUnsafeBufferPointer { body($0.baseAddress) }
  }

  /// Puts one sample's keys before those that an attention has.
  fileprivate func stand(
    before attention: inout kernel_attention, sample: Int, head: Int, valid: UnsafePointer<UInt8>?
  ) {
    attention.shared = UnsafePointer(packed.pointer + (sample * heads + head) * extent)
    attention.shared_keys = keys
    attention.shared_valid = valid.map { $0 + sample * keys }
  }
}

/// Attention over keys that are laid out already, followed by further keys of each sample: the same
/// as `attention` over all of them, without gradients.
///
/// - Parameters:
///   - query: `[batch, queries, heads * d]`.
///   - memory: the first keys and values, of each sample or one for all.
///   - key: `[batch, keys, heads * d]`; there may be none, `[batch, 0, heads * d]`.
///   - value: `[batch, keys, heads * v]`.
///   - keyPadding: `batch * keys` flags, true where one of the further keys is valid; nil when all
///     are.
/// - Returns: `[batch, queries, heads * v]`.
public func attention(
  query: Tensor, memory: AttentionMemory, key: Tensor, value: Tensor, keyPadding: [Bool]? = nil
) -> Tensor {
  let plan = AttentionPlan(
    query: query.shape, key: key.shape, value: value.shape, heads: memory.heads, mask: nil,
    keyPadding: keyPadding, dropout: 0)
  precondition(
    plan.keyWidth == memory.keyWidth && plan.valueWidth == memory.valueWidth
      && (memory.batch == 1 || memory.batch == plan.batch),
    "attention of query \(query.shape) to value \(value.shape) over a memory of "
      + "\(memory.batch) x \(memory.keys) keys, \(memory.heads) heads of \(memory.keyWidth) and "
      + "\(memory.valueWidth)")
  Profile.count(plan.products + plan.products(keys: memory.keys))
  return Tensor(shape: [plan.batch, plan.queries, memory.heads * plan.valueWidth]) { out in
    plan.forward(query, memory, key, value, into: out)
  }
}

extension AttentionPlan {
  /// The forward pass after a memory. Samples that read the same memory are one piece, as long as
  /// their queries are not many, so that they read it together.
  fileprivate func forward(
    _ query: Tensor, _ memory: AttentionMemory, _ key: Tensor, _ value: Tensor,
    into out: UnsafeMutablePointer<Float>
  ) {
    let statistics = emptyStatistics()
    let together = memory.batch == 1 ? max(1, min(batch, 512 / max(1, queries))) : 1
    let groups = (batch + together - 1) / together
    memory.withValid { valid in
      withOperands(query, key, value, statistics: statistics, out: out) { operands in
        Parallel.forEach(
          groups * heads, operations: operations + products(keys: memory.keys)
        ) { piece in
          let (group, head) = (piece / heads, piece % heads)
          let first = group * together
          let samples = min(together, batch - first)
          var attention = self.piece(operands, sample: first, head: head, rows: 0..<queries)
          attention.samples = samples
          attention.queries = samples * queries
          let statistic = (head * batch + first) * queries
          attention.largest = operands.largest + statistic
          attention.inverse = operands.inverse + statistic
          memory.stand(
            before: &attention, sample: memory.batch == 1 ? 0 : first, head: head, valid: valid)
          let scratch = Storage(
            count: kernel_attention_scratch(&attention, Int32(KERNEL_ATTENTION_FORWARD)))
          kernel_attention_forward(&attention, scratch.pointer)
        }
      }
    }
  }
}
