import Foundation

/// The pictures of one command line, worked on one after the other.
struct PictureBatch {
  /// The pictures in the order of the arguments.
  let inputs: [PictureInput]
  /// Where progress goes.
  let notes: Notes
  /// Whether there may be several pictures (several files, a folder, a pattern), so that one that
  /// fails does not stop the others.
  let isBatch: Bool

  /// The pictures that the arguments stand for.
  ///
  /// - Throws: `Failure` where there is none at all.
  init(_ arguments: [String], _ notes: Notes) throws {
    inputs = try PictureInput.expand(arguments)
    if inputs.count == 1, case .missing(let failure) = inputs[0] { throw failure }
    // A folder or pattern without any picture is a single failure, with the code of its own.
    let isFound = inputs.contains { if case .missing = $0 { false } else { true } }
    isBatch =
      inputs.count > 1 || (isFound && arguments.contains(where: PictureInput.standsForSeveral))
    self.notes = notes
  }

  /// The files that are read.
  var originals: OriginalPictures { OriginalPictures(inputs) }

  /// Calls `body` for every picture.
  ///
  /// - Parameters:
  ///   - body: works on one picture.
  ///   - failed: called after a picture of a batch could not be worked on.
  /// - Returns: `done`, or `someFailed` after the failures were reported.
  /// - Throws: what `body` throws about the only picture, or about anything but its input.
  func forEach(
    _ body: (PictureInput) throws -> Void, failed: () throws -> Void = {}
  ) throws -> ExitStatus {
    guard isBatch else {
      for input in inputs { try body(input) }
      return .done
    }
    var failures = 0
    for (index, input) in inputs.enumerated() {
      // On a terminal the results themselves show how far the batch is.
      if isatty(STDOUT_FILENO) == 0 {
        notes.progress("\(index + 1) of \(inputs.count): \(input.name)")
      }
      do {
        try body(input)
      } catch let error where !(error is StandardOutput.ClosedPipe) {
        let failure = failure(for: error)
        guard [.badData, .missingInput, .failed].contains(failure.status) else { throw failure }
        notes.endProgress()
        Notes.report(failure)
        failures += 1
        try failed()
      }
    }
    notes.endProgress()
    if failures == 0 { return .done }
    notes.note("\(failures) of \(inputs.count) pictures failed")
    return .someFailed
  }
}
