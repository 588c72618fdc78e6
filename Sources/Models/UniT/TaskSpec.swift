import Inputs

/// One task of a model: everything that must be said to add it.
public struct TaskSpec: Codable, Sendable, Equatable {
  /// What a task reads.
  public enum Input: String, Codable, Sendable, CaseIterable {
    /// A picture.
    case image
    /// A text or a pair of texts.
    case text
  }

  /// The task's name; also the dataset's name in the official UniT's parameter names.
  public var name: String
  /// Name of the head in the registry of heads: `detection`, `answer`, `classification`.
  public var head: String
  /// The task type in the official UniT's parameter names: `detection`, `vl`, `glue`.
  public var group: String
  /// Row in the tables of task tokens.
  public var index: Int
  /// Number of query embeddings.
  public var queries: Int
  /// Whether each query of a detection task has a box of its own, which every decoder layer refines
  /// and which tells the query where to look, and classes are independent of each other (DAB-DETR);
  /// nil or false for DETR's queries.
  public var hasReferenceBoxes: Bool?
  /// Groups of queries of a detection task while it is trained: each learns every object by itself,
  /// and answers come from the first (Group DETR, Chen et al., 2022); nil for one.
  public var queryGroups: Int?
  /// Noised true boxes that a detection task learns to restore (DN-DETR, Li et al., 2022); nil for
  /// none.
  public var denoising: Denoising?
  /// What the task reads.
  public var inputs: [Input]
  /// What a detection's score must be above to be told, where nobody says otherwise; nil for
  /// `standardThreshold`. Scores of independent classes are lower than those of DETR.
  public var threshold: Float?
  /// How the likeliest boxes of a detection task are looked at once more; nil for not at all.
  public var secondLook: SecondLook?
  /// Meaning of each row of the class or answer layer; "" for a row without meaning.
  public var labels: [String]
  /// The labels' ids in their dataset; nil where a label's id is its row.
  public var labelIDs: [Int]?
  /// The attributes of the objects; nil for a task without attributes.
  public var attributes: AttributeSpec?
  /// Whether only the text's first state goes to the decoder.
  public var keepsOnlyCLS: Bool
  /// Longest text in tokens, `[CLS]` and `[SEP]` counted; longer ones are cut.
  public var maximumTokens: Int?
  /// How a picture becomes the network's input, where this task differs from the model's other ones.
  public var preprocessing: Preprocessing?

  enum CodingKeys: String, CodingKey {
    case name, head, group, index, queries, inputs, labels, attributes, preprocessing
    case threshold, denoising
    case labelIDs = "label_ids"
    case hasReferenceBoxes = "reference_boxes"
    case queryGroups = "query_groups"
    case secondLook = "second_look"
    case keepsOnlyCLS = "keep_only_cls"
    case maximumTokens = "maximum_tokens"
  }

  /// A task.
  public init(
    name: String, head: String, group: String, index: Int, queries: Int, inputs: [Input],
    labels: [String], labelIDs: [Int]? = nil, attributes: AttributeSpec? = nil,
    keepsOnlyCLS: Bool = false, maximumTokens: Int? = nil,
    preprocessing: Preprocessing? = nil
  ) {
    self.name = name
    self.head = head
    self.group = group
    self.index = index
    self.queries = queries
    self.inputs = inputs
    self.labels = labels
    self.labelIDs = labelIDs
    self.attributes = attributes
    self.keepsOnlyCLS = keepsOnlyCLS
    self.maximumTokens = maximumTokens
    self.preprocessing = preprocessing
  }
}

extension TaskSpec {
  /// What a detection's score must be above in DETR and the tools around it.
  public static let standardThreshold: Float = 0.5

  /// The name that is reported for a row of the class layer: `N/A`, as transformers has it, for
  /// one without a name.
  public func label(row: Int) -> String { labels[row].isEmpty ? "N/A" : labels[row] }

  /// The only task of a model that does nothing but find objects; it is called `detection`.
  ///
  /// - Parameters:
  ///   - queries: the most objects that can be found in one picture.
  ///   - labels: the classes by row, "" for one without a name.
  public static func detection(queries: Int, labels: [String]) -> TaskSpec {
    TaskSpec(
      name: "detection", head: "detection", group: "detection", index: 0, queries: queries,
      inputs: [.image], labels: labels)
  }
}

/// How true boxes and classes are noised for a detection task to restore while it is trained.
public struct Denoising: Codable, Sendable, Equatable {
  /// How many times each object is noised; less often where a picture has so many that there would
  /// be more than `limit` queries.
  public var groups: Int
  /// Share of the objects that get a class at random, in `0...1`.
  public var labelNoise: Float
  /// Part of its half extent by which a box's middle moves at most, and of its extent by which that
  /// changes, in `0...1`.
  public var boxNoise: Float

  /// Most queries of all groups together.
  public static let limit = 200

  enum CodingKeys: String, CodingKey {
    case groups
    case labelNoise = "label_noise"
    case boxNoise = "box_noise"
  }

  /// Noise as in DN-DETR, unless told otherwise.
  public init(groups: Int = 5, labelNoise: Float = 0.2, boxNoise: Float = 0.4) {
    self.groups = groups
    self.labelNoise = labelNoise
    self.boxNoise = boxNoise
  }
}

/// A second look at the likeliest boxes of a picture: each is cut out of the original and shown to
/// the backbone, whose own classes must agree.
///
/// A box's probability of a class becomes the weighted geometric mean of what the detector says and
/// what the backbone says of the cut-out, for classes that are among its groups; after that, boxes of
/// one class that overlap too much are one object.
public struct SecondLook: Codable, Sendable, Equatable {
  /// How many boxes are looked at.
  public var boxes: Int
  /// Side in pixels of what the backbone sees.
  public var side: Int
  /// How much larger than the box the square cut-out is.
  public var margin: Float
  /// The intersection over union above which two boxes of a class are one object.
  public var overlap: Float
  /// Whether an object gets the mean of the boxes that were found to be it, weighted by their scores
  /// (box voting: Gidaris and Komodakis, 2015); nil for no, the box of the best.
  public var merges: Bool?
  /// Weight of what the backbone says, in `0...1`; nil for one half.
  public var weight: Float?
  /// The least probability that counts as said of a box: of a cut-out that the backbone does not
  /// recognise, and of a box that was not looked at.
  public var least: Float
  /// Classes whose groups say too little of them to count, such as clothes of people; nil for none.
  public var except: [String]?
  /// The probability that counts as said of those and of classes that are no group, so that their
  /// scores compare with the others'; nil leaves them what the detector says.
  public var neutral: Float?

  /// A second look.
  public init(
    boxes: Int = 8, side: Int = 160, margin: Float = 1.1, overlap: Float = 0.6,
    merges: Bool? = nil, weight: Float? = nil, least: Float = 0.1, except: [String]? = nil,
    neutral: Float? = nil
  ) {
    self.boxes = boxes
    self.side = side
    self.margin = margin
    self.overlap = overlap
    self.merges = merges
    self.weight = weight
    self.least = least
    self.except = except
    self.neutral = neutral
  }
}

/// The attributes that a detection task tells of its objects.
public struct AttributeSpec: Codable, Sendable, Equatable {
  /// Meaning of each row of the attribute layer; "" for a row without meaning.
  public var labels: [String]
  /// Width of the embedding of an object's class, 256 in the original.
  public var embedding: Int
  /// Width of the hidden layer, 512 in the original.
  public var hidden: Int

  /// Attributes with the dimensions of their predictor.
  public init(labels: [String], embedding: Int = 256, hidden: Int = 512) {
    self.labels = labels
    self.embedding = embedding
    self.hidden = hidden
  }
}
