import Foundation

/// Decides how the process ends when something outside its own code ends it.
enum Signals {
  /// Ctrl-C ends with 130, a closed pipe becomes an ordinary write error, and a trap in the program
  /// ends with 70 instead of a stack trace. `train` replaces the first to save before it ends.
  static func install() {
    signal(SIGPIPE, SIG_IGN)
    // A file that outgrows the limit of the shell becomes an ordinary write error, too.
    signal(SIGXFSZ, SIG_IGN)
    // A shell that starts a background job lets it ignore Ctrl-C; that stays so.
    let before = signal(SIGINT) { _ in _exit(ExitStatus.interrupted.rawValue) }
    if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
      signal(SIGINT, SIG_IGN)
    }
    for fault in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE] {
      signal(fault) { _ in
        let text: StaticString =
          "unit: internal error\n      please report it with the command line\n"
        _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
        _exit(ExitStatus.internalError.rawValue)
      }
    }
  }
}
