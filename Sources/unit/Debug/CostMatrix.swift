import Foundation

/// A matrix of costs as JSON holds it: a list of rows of equal length.
struct CostMatrix: Equatable {
  let rows: Int
  let columns: Int
  /// Row by row.
  let costs: [Double]

  /// Reads a matrix such as `[[4, 1, 3], [2, 0, 5]]`.
  ///
  /// - Throws: `Failure` with the code 65 that says what is wrong and in which row.
  init(json bytes: [UInt8]) throws {
    let lists: [[Double]]
    do {
      lists = try JSONDecoder().decode([[Double]].self, from: Data(bytes))
    } catch let error as DecodingError {
      throw Failure(
        .badData, "standard input: expected a cost matrix, found \(Self.found(error, bytes))",
        advice: "give a list of rows of numbers, such as [[4, 1, 3], [2, 0, 5]]")
    }
    rows = lists.count
    columns = lists.first?.count ?? 0
    for (row, list) in lists.enumerated() where list.count != columns {
      throw Failure(
        .badData,
        "standard input: row \(row): expected \(columns) numbers as in row 0, found \(list.count)")
    }
    costs = lists.flatMap { $0 }
    if let position = costs.firstIndex(where: { !Float($0).isFinite }) {
      throw Failure(
        .badData,
        "standard input: row \(position / columns), column \(position % columns): "
          + "expected a cost that a 32-bit number holds, found \(costs[position])")
    }
  }

  private static func found(_ error: DecodingError, _ bytes: [UInt8]) -> String {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      let place = context.codingPath.compactMap(\.intValue).map { "[\($0)]" }.joined()
      return place.isEmpty ? "no list" : "another kind of value at \(place)"
    default:
      return bytes.isEmpty ? "nothing" : "text that is not JSON"
    }
  }
}
