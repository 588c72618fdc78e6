import Inputs

extension TaskSpec {
  /// The eight tasks of the released UniT: names, task types, rows in the tables of task tokens,
  /// queries, and how much of a text the decoder reads (MMF's `defaults.yaml` and `shared_dec.yaml`).
  ///
  /// COCO's rows are its 91 raw category ids, of which 80 are used. Visual Genome's classes and
  /// attributes and VQA's answers are numbered: their names are not part of a checkpoint.
  public static let official: [TaskSpec] = [
    .seeing(
      "detection_coco", index: 0, labels: CocoLabels.names),
    .seeing(
      "detection_visual_genome", index: 1,
      labels: OfficialLabels.numbered("object", rows: 1601),
      attributes: AttributeSpec(labels: OfficialLabels.numbered("attribute", rows: 401))),
    .answering(
      "vqa2", index: 3, head: "answer", labels: OfficialLabels.numbered("answer", rows: 3129),
      keepsOnlyCLS: false),
    .answering("visual_entailment", index: 9, labels: ["entailment", "neutral", "contradiction"]),
    .reading("glue_qnli", index: 5, labels: ["entailment", "not_entailment"]),
    .reading("glue_qqp", index: 8, labels: ["not_duplicate", "duplicate"]),
    .reading("glue_sst2", index: 7, labels: ["negative", "positive"]),
    .reading("glue_mnli_mismatched", index: 6, labels: ["entailment", "neutral", "contradiction"]),
  ]

  /// A task on pictures with the released UniT's number of queries.
  static func seeing(
    _ name: String, index: Int, queries: Int = 100, labels: [String],
    attributes: AttributeSpec? = nil
  ) -> TaskSpec {
    TaskSpec(
      name: name, head: "detection", group: "detection", index: index, queries: queries,
      inputs: [.image], labels: labels, attributes: attributes)
  }

  /// A task on a picture and a text of 25 tokens, with MMF's rounding of the picture's sides.
  static func answering(
    _ name: String, index: Int, queries: Int = 25, head: String = "classification",
    labels: [String], keepsOnlyCLS: Bool = true
  ) -> TaskSpec {
    TaskSpec(
      name: name, head: head, group: "vl", index: index, queries: queries,
      inputs: [.image, .text], labels: labels, keepsOnlyCLS: keepsOnlyCLS, maximumTokens: 25,
      preprocessing: Preprocessing(
        resize: .shortestSide(short: 800, longestMaximum: 1333, rounding: .shortestEdge)))
  }

  /// A task on a text, or two, of 128 tokens.
  static func reading(_ name: String, index: Int, queries: Int = 25, labels: [String]) -> TaskSpec {
    TaskSpec(
      name: name, head: "classification", group: "glue", index: index, queries: queries,
      inputs: [.text], labels: labels, keepsOnlyCLS: true, maximumTokens: 128)
  }
}

/// Labels where a checkpoint has none.
enum OfficialLabels {
  /// "" for row 0, which is background or the unknown answer, then numbered names.
  static func numbered(_ word: String, rows: Int) -> [String] {
    [""] + (1..<rows).map { "\(word) \($0)" }
  }
}
