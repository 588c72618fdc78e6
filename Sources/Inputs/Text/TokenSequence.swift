/// One text, or a pair of texts, ready for a text encoder: `[CLS] first [SEP] second [SEP]`.
public struct TokenSequence: Sendable, Hashable {
  /// Ids of the tokens.
  public let ids: [Int]
  /// 0 for the first text with its `[CLS]` and `[SEP]`, 1 for the second with its `[SEP]`.
  public let typeIds: [Int]

  /// A sequence of the given ids and types, equally many.
  public init(ids: [Int], typeIds: [Int]) {
    precondition(ids.count == typeIds.count, "\(ids.count) ids, but \(typeIds.count) types")
    self.ids = ids
    self.typeIds = typeIds
  }
}

extension WordPiece {
  /// Turns a text, or a pair, into ids.
  ///
  /// What is too long loses its last token, one at a time, from the longer text; from the second
  /// where both are equally long.
  ///
  /// - Parameter maximumLength: most tokens of the result, special ones included; at least 2, or 3
  ///   for a pair.
  public func encode(
    _ text: String, pair: String? = nil, maximumLength: Int
  ) -> TokenSequence {
    let specials = pair == nil ? 2 : 3
    precondition(
      maximumLength >= specials,
      "a sequence of at most \(maximumLength) tokens has no room for \(specials) special ones")
    var first = ids(text)
    var second = pair.map { ids($0) }
    var excess = first.count + (second?.count ?? 0) + specials - maximumLength
    while excess > 0 {
      if let count = second?.count, count >= first.count {
        second?.removeLast()
      } else {
        first.removeLast()
      }
      excess -= 1
    }
    let special = vocabulary.special
    let head = [special.classification] + first + [special.separator]
    let tail = second.map { $0 + [special.separator] } ?? []
    return TokenSequence(
      ids: head + tail,
      typeIds: [Int](repeating: 0, count: head.count) + [Int](repeating: 1, count: tail.count))
  }
}

/// Token sequences of one length, filled up with padding.
public struct TokenBatch: Sendable, Hashable {
  /// Ids as `[batch, length]`, row-major.
  public let ids: [Int]
  /// Types as `[batch, length]`; 0 in the padding.
  public let typeIds: [Int]
  /// Whether a position holds a token (true) or padding (false), as `[batch, length]`.
  public let mask: [Bool]
  /// Number of sequences.
  public let batch: Int
  /// Positions of each sequence.
  public let length: Int

  /// A batch of ids that come from elsewhere, such as a file of tensors.
  ///
  /// All three lists hold `batch * length` elements.
  public init(ids: [Int], typeIds: [Int], mask: [Bool], batch: Int, length: Int) {
    precondition(
      ids.count == batch * length && typeIds.count == ids.count && mask.count == ids.count,
      "\(ids.count) ids, \(typeIds.count) types and \(mask.count) flags for [\(batch), \(length)]")
    self.ids = ids
    self.typeIds = typeIds
    self.mask = mask
    self.batch = batch
    self.length = length
  }

  /// Puts sequences below one another.
  ///
  /// - Parameters:
  ///   - sequences: one or more sequences.
  ///   - length: positions of each; nil takes the longest sequence's.
  ///   - paddingID: id that fills up, `Vocabulary.paddingID`.
  public init(_ sequences: [TokenSequence], length: Int? = nil, paddingID: Int) {
    let longest = sequences.map(\.ids.count).max() ?? 0
    let length = length ?? longest
    precondition(longest <= length, "a sequence of \(longest) tokens does not fit into \(length)")
    var ids: [Int] = []
    var typeIds: [Int] = []
    var mask: [Bool] = []
    for sequence in sequences {
      let padding = length - sequence.ids.count
      ids += sequence.ids + [Int](repeating: paddingID, count: padding)
      typeIds += sequence.typeIds + [Int](repeating: 0, count: padding)
      mask += [Bool](repeating: true, count: sequence.ids.count)
      mask += [Bool](repeating: false, count: padding)
    }
    self.ids = ids
    self.typeIds = typeIds
    self.mask = mask
    self.batch = sequences.count
    self.length = length
  }
}
