import Foundation

extension Float {
  /// The number with so many digits after the point.
  func decimals(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

extension Double {
  /// The number with so many digits after the point.
  func decimals(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
