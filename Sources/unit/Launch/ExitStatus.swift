/// How the program ended: the codes of `sysexits.h` that scripts rely on, and four of our own.
enum ExitStatus: Int32, Sendable {
  /// Everything was done.
  case done = 0
  /// It failed for a reason that none of the codes below names.
  case failed = 1
  /// Some inputs of a batch failed, the others were done.
  case someFailed = 2
  /// The command line is wrong: unknown option, task, format, an empty question.
  case usage = 64
  /// A picture, a configuration, weights or a data set hold something they may not.
  case badData = 65
  /// A named input does not exist or cannot be opened.
  case missingInput = 66
  /// The model is not where it was looked for.
  case modelUnavailable = 69
  /// The program itself is at fault.
  case internalError = 70
  /// An output cannot be created.
  case cannotWrite = 73
  /// Reading or writing broke off.
  case readWrite = 74
  /// Somebody else holds what is needed; trying again later may help.
  case temporary = 75
  /// Ended by Ctrl-C.
  case interrupted = 130
}
