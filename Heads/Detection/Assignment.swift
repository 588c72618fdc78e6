/// Assigns rows to columns, each to at most one, with the least total cost.
///
/// ```swift
/// assign(costs: [4, 1, 3, 2, 0, 5], rows: 2, columns: 3)  // [(row: 0, column: 1), (row: 1, column: 0)]
/// ```
///
/// The method is the shortest augmenting path of Jonker and Volgenant (Computing 38, 1987), in the
/// form for rectangular matrices of Crouse (IEEE Transactions on Aerospace and Electronic Systems
/// 52, 2016). It takes O(n² m) steps, n being the smaller and m the larger extent. Where several
/// assignments cost the same, the choice depends on the costs alone.
///
/// Costs need not be finite: minus infinity is preferred to, and infinity and NaN are avoided at,
/// any finite cost. The result is always complete.
///
/// - Parameters:
///   - costs: the matrix `[rows, columns]`, row by row.
///   - rows: number of rows, such as the queries of a picture.
///   - columns: number of columns, such as its objects.
/// - Returns: `min(rows, columns)` pairs in the order of their rows.
public func assign(
  costs: [Double], rows: Int, columns: Int
) -> [(row: Int, column: Int)] {
  precondition(
    rows >= 0 && columns >= 0 && costs.count == rows * columns,
    "\(costs.count) costs do not fill a matrix of \(rows) rows and \(columns) columns")
  guard rows > 0, columns > 0 else { return [] }
  let costs = withFiniteCosts(costs, pairs: min(rows, columns))
  if rows <= columns {
    let chosen = shortestAugmentingPaths(costs, rows: rows, columns: columns)
    return chosen.enumerated().map { (row: $0, column: $1) }
  }
  var transposed = [Double](repeating: 0, count: costs.count)
  for row in 0..<rows {
    for column in 0..<columns { transposed[column * rows + row] = costs[row * columns + column] }
  }
  let chosen = shortestAugmentingPaths(transposed, rows: columns, columns: rows)
  return chosen.enumerated().map { (row: $1, column: $0) }.sorted { $0.row < $1.row }
}

/// Assigns rows to columns with the least total cost; see `assign(costs:rows:columns:)` of doubles.
public func assign(costs: [Float], rows: Int, columns: Int) -> [(row: Int, column: Int)] {
  assign(costs: costs.map(Double.init), rows: rows, columns: columns)
}

/// Puts finite numbers in the place of infinities and NaN that outweigh all finite costs together.
private func withFiniteCosts(_ costs: [Double], pairs: Int) -> [Double] {
  // Sums of this many of these stay finite, so that the search always finds a shortest path.
  let greatest = 1e250
  var low = Double.infinity
  var high = -Double.infinity
  var isFinite = true
  for cost in costs {
    if abs(cost) <= greatest {
      low = min(low, cost)
      high = max(high, cost)
    } else {
      isFinite = false
    }
  }
  if isFinite { return costs }
  if low > high { (low, high) = (0, 0) }
  let reach = (high - low + 1) * Double(pairs + 1)
  return costs.map { cost in
    if abs(cost) <= greatest { return cost }
    return cost < 0 ? low - reach : high + reach
  }
}

/// The column of each row; there are no more rows than columns, and every cost is finite.
private func shortestAugmentingPaths(_ costs: [Double], rows: Int, columns: Int) -> [Int] {
  let none = -1
  var columnOfRow = [Int](repeating: none, count: rows)
  var rowOfColumn = [Int](repeating: none, count: columns)
  var rowPrice = [Double](repeating: 0, count: rows)
  var columnPrice = [Double](repeating: 0, count: columns)
  // The tree of the current search: how far each column is from the root, by way of which row.
  var distance = [Double](repeating: 0, count: columns)
  var previousRow = [Int](repeating: none, count: columns)
  // Columns before `open` are in the tree, in the order in which they were reached.
  var order = Array(0..<columns)

  costs.withUnsafeBufferPointer { costs in
    for root in 0..<rows {
      for column in 0..<columns { distance[column] = .infinity }
      var row = root
      var length = 0.0
      var open = 0
      var free = none
      while free == none {
        let offset = length - rowPrice[row]
        let base = row * columns
        var nearest = open
        var least = Double.infinity
        for position in open..<columns {
          let column = order[position]
          let through = costs[base + column] - columnPrice[column] + offset
          if through < distance[column] {
            distance[column] = through
            previousRow[column] = row
          }
          // Among equals a free column ends the search at once.
          if distance[column] < least
            || distance[column] == least && rowOfColumn[column] == none
          {
            least = distance[column]
            nearest = position
          }
        }
        let column = order[nearest]
        order.swapAt(open, nearest)
        open += 1
        length = least
        if rowOfColumn[column] == none { free = column } else { row = rowOfColumn[column] }
      }
      rowPrice[root] += length
      for column in order[..<(open - 1)] {
        let slack = length - distance[column]
        rowPrice[rowOfColumn[column]] += slack
        columnPrice[column] -= slack
      }
      var column = free
      while true {
        let row = previousRow[column]
        rowOfColumn[column] = row
        (columnOfRow[row], column) = (column, columnOfRow[row])
        if row == root { break }
      }
    }
  }
  return columnOfRow
}
