import Tensors

extension UniTConfiguration {
  /// The configuration of a DETR that is told by its tensors, whose classes have no names yet.
  ///
  /// - Parameters:
  ///   - shapes: this program's names of the tensors, with their shapes.
  ///   - file: where they come from, for error messages.
  ///   - settings: what tensors do not tell.
  /// - Throws: `UniTImportError`.
  public static func detr(
    shapes: [(name: String, shape: Shape)], file: String, settings: UniTSettings
  ) throws -> UniTConfiguration {
    let shapes = UniTShapes(shapes, file: file)
    let rows = try shapes.extents("class_embeds.detection.weight", "classes", "width")[0]
    let queries = try shapes.extents(
      "unit_base_model.query_embeds.detection.detection.weight", "queries", "width")[0]
    // The last row says that there is no object.
    let task = TaskSpec.detection(
      queries: queries, labels: [String](repeating: "", count: max(rows - 1, 0)))
    return UniTConfiguration(
      image: try shapes.image(settings), text: nil, decoder: try shapes.decoder(settings, [task]),
      tasks: [task], preprocessing: .detr)
  }
}
