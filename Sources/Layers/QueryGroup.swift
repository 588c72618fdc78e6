import Tensors

/// Queries that follow one another in a decoder's input and see each other only, as one run or as
/// several of the same length (Group DETR's groups, DN-DETR's denoising groups).
public struct QueryGroup: Sendable {
  /// Queries of a run.
  public var length: Int
  /// Runs of that length, none of which sees another.
  public var runs: Int
  /// `batch * runs * length` flags, true where a query counts; nil where all do.
  public var padding: [Bool]?

  /// Runs of queries.
  public init(length: Int, runs: Int = 1, padding: [Bool]? = nil) {
    self.length = length
    self.runs = runs
    self.padding = padding
  }

  /// Queries of all runs.
  public var count: Int { length * runs }
}

extension [QueryGroup] {
  /// Attention of the queries among themselves, run by run.
  ///
  /// - Parameters:
  ///   - placed: states with their positions, `[batch, queries, width]`.
  ///   - states: `[batch, queries, width]`
  /// - Returns: `[batch, queries, width]`
  func attend(_ placed: Tensor, _ states: Tensor, _ attention: MultiheadAttention) -> Tensor {
    let (batch, width) = (states.shape[0], states.shape[2])
    precondition(
      reduce(0) { $0 + $1.count } == states.shape[1],
      "groups of \(map(\.count)) queries for states of \(states.shape)")
    var start = 0
    let parts = map { group in
      let range = start..<start + group.count
      start = range.upperBound
      func runs(_ x: Tensor) -> Tensor {
        x.sliced(axis: 1, range: range).reshaped([batch * group.runs, group.length, width])
      }
      let query = runs(placed)
      return attention(query: query, key: query, value: runs(states), keyPadding: group.padding)
        .reshaped([batch, group.count, width])
    }
    return parts.count == 1 ? parts[0] : concatenated(parts, axis: 1)
  }
}
