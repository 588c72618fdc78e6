import Foundation
import Testing

/// Published weights and photographs, which are too large to lie beside the tests.
///
/// `Tests/Goldens/Pretrained/fetch_real_weights.sh` fetches them; the environment variable
/// `UNIT_REAL_WEIGHTS` names their folder. Tests that need them are skipped without it.
public enum RealWeights {
  /// Their folder; nil where they were not fetched.
  public static let folder = ProcessInfo.processInfo.environment["UNIT_REAL_WEIGHTS"]

  /// The path of a file in the folder.
  ///
  /// - Precondition: the test has the trait `needed`.
  public static func path(_ name: String) -> String { (folder ?? ".") + "/" + name }

  /// The trait of a suite that needs them.
  public static var needed: ConditionTrait {
    .enabled(
      if: folder != nil,
      "UNIT_REAL_WEIGHTS names no folder; see Tests/Goldens/Pretrained/fetch_real_weights.sh")
  }
}
