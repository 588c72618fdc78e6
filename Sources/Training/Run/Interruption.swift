import Foundation
import Synchronization

/// The wish of the user or the system that the program end, told by SIGINT or SIGTERM.
///
/// The first signal is only noted, so that training can finish its step and save; a second one
/// ends the program at once.
public enum Interruption {
  private static let requested = Atomic<Bool>(false)

  /// Whether a signal came since the last `watch()`.
  public static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Begins to note signals instead of ending the program.
  public static func watch() {
    requested.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in
        Interruption.requested.store(true, ordering: .relaxed)
      }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      sigaction(number, &action, nil)
    }
  }

  /// Signals end the program again.
  public static func unwatch() {
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
  }
}

/// Training stopped because the user asked for it; everything is saved.
public struct Interrupted: Error, Equatable, CustomStringConvertible {
  /// Steps done.
  public let step: Int
  /// Folder of the run.
  public let folder: String

  /// What happened and how to go on.
  public var description: String {
    "interrupted after step \(step), saved in \(folder); continue with --resume"
  }
}
