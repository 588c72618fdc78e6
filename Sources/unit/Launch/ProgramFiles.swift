import Foundation
import Wording

/// Where the files lie that come with the program.
enum ProgramFiles {
  /// The places to look in, in this order: the resources beside the executable, and the place of an
  /// installed program.
  static func places(_ resource: String, installed: String) -> [String] {
    ["\(executableFolder)/\(resource)", "\(executableFolder)/../share/unit/\(installed)"]
  }

  private static var executableFolder: String {
    let path =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    return parentFolder(of: path)
  }
}
