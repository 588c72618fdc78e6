import Annotations
import Checkpoints
import Datasets
import Heads
import Inputs
import JSONStream
import Layers
import Models
import Recipes
import Scenes
import Training

/// Words any error that reaches the top: the modules' own errors carry their text, and here they
/// get the exit code that belongs to their kind.
func failure(for error: any Error) -> Failure {
  switch error {
  case let failure as Failure: failure
  case let error as CheckpointError: Failure(error.status, describing: error)
  case let error as ImageError: Failure(error.status, describing: error)
  case let error as ConfigurationError: Failure(error.status, describing: error)
  case let error as DatasetError: Failure(error.status, describing: error)
  case let error as EasyVQAError: Failure(error.status, describing: error)
  case is LabelError: Failure(.badData, describing: error)
  case let error as JSONError:
    Failure(error.kind == .cannotRead ? .missingInput : .badData, describing: error)
  case let error as RecipeError: Failure(error.status, describing: error)
  case let error as SceneError: Failure(error.status, describing: error)
  case let error as TrainingError: Failure(error.status, describing: error)
  case is OverfitFailure: Failure(.failed, describing: error)
  case is Interrupted: Failure(.interrupted, describing: error)
  case let error as LabelFileError: Failure(error.status, describing: error)
  case is ModelDirectoryError: Failure(.modelUnavailable, describing: error)
  case is AnsweringError: Failure(.usage, describing: error)
  case let error as ImportError: Failure(error.status, describing: error)
  case VocabularyError.unreadable: Failure(.missingInput, describing: error)
  case is PreprocessorFileError, is PreprocessingExportError, is VocabularyError,
    is ParameterError, is TargetError, is BatchError, is ViLTError, is RenameError,
    is UniTImportError:
    Failure(.badData, describing: error)
  default:
    Failure(
      .internalError, "unexpected error: \(error)",
      advice: "this is a fault of the program; please report it with the command line")
  }
}

extension CheckpointError {
  fileprivate var status: ExitStatus {
    switch self {
    case .cannotRead: .missingInput
    case .cannotWrite: .cannotWrite
    default: .badData
    }
  }
}

extension ImportError {
  fileprivate var status: ExitStatus {
    if case .unknownLayout = self { .usage } else { .badData }
  }
}

extension ImageError {
  fileprivate var status: ExitStatus {
    switch self {
    case .missing, .directory, .unreadable: .missingInput
    case .outOfMemory: .failed
    default: .badData
    }
  }
}

extension ConfigurationError {
  fileprivate var status: ExitStatus {
    switch self {
    case .unknownTask: .usage
    case .missing: .missingInput
    default: .badData
    }
  }
}

extension LabelFileError {
  fileprivate var status: ExitStatus {
    if case .missing = self { .missingInput } else { .badData }
  }
}

extension DatasetError {
  fileprivate var status: ExitStatus {
    switch self {
    case .unknownSplit, .unknownKind: .usage
    case .missing: .missingInput
    case .unfit, .labels, .unknownLabel, .malformed: .badData
    }
  }
}

extension EasyVQAError {
  fileprivate var status: ExitStatus {
    if case .missing = self { .missingInput } else { .badData }
  }
}

extension RecipeError {
  fileprivate var status: ExitStatus {
    if isMissingFile { return .missingInput }
    // What stands on the command line is the user's wrong usage, not a bad file.
    return place.hasPrefix("--set") ? .usage : .badData
  }
}

extension SceneError {
  fileprivate var status: ExitStatus {
    switch self {
    case .missing: .missingInput
    case .unfit: .badData
    case .occupied: .cannotWrite
    }
  }
}

extension TrainingError {
  fileprivate var status: ExitStatus {
    switch self {
    case .notFinite: .internalError
    case .runExists: .cannotWrite
    case .noCheckpoint: .missingInput
    default: .badData
    }
  }
}
