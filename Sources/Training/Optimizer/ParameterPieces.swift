import Tensors

/// All elements of a list of tensors, cut into pieces of a fixed size.
///
/// One parallel loop then serves large and small parameters alike. The cut depends on the shapes
/// alone, so what is computed for each piece does not depend on the number of threads.
struct ParameterPieces {
  /// Elements in a piece at most.
  static let grain = 32_768

  /// One piece: the position of its tensor in the list, and which elements.
  struct Piece {
    let tensor: Int
    let range: Range<Int>
  }

  let pieces: [Piece]

  /// The pieces of tensors with these numbers of elements, in order.
  init(counts: [Int]) {
    var pieces: [Piece] = []
    for (tensor, count) in counts.enumerated() {
      for start in stride(from: 0, to: count, by: ParameterPieces.grain) {
        let end = min(count, start + ParameterPieces.grain)
        pieces.append(Piece(tensor: tensor, range: start..<end))
      }
    }
    self.pieces = pieces
  }

  /// Runs `body` for every piece, on several threads.
  func forEach(_ body: (Int, Piece) -> Void) {
    Parallel.forEach(pieces.count) { body($0, pieces[$0]) }
  }
}
