import Foundation

extension Figure {
  /// The figure as an SVG file, which stands alone or inside a page.
  ///
  /// - Parameter title: what programs that read aloud say about it.
  package func svg(title: String) -> String {
    let size = "\(Self.number(width)) \(Self.number(height))"
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Self.number(width))\" "
        + "height=\"\(Self.number(height))\" viewBox=\"0 0 \(size)\" "
        + "font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\" role=\"img\">",
      "<title>\(escapedMarkup(title))</title>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
    ]
    lines += marks.map(Self.element)
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private static func element(_ mark: Mark) -> String {
    switch mark {
    case .area(let x, let y, let width, let height, let colour):
      return "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\" fill=\"\(hexadecimal(colour))\"/>"
    case .line(let points, let width, let colour):
      let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
      return "<polyline points=\"\(list)\" fill=\"none\" stroke=\"\(hexadecimal(colour))\" "
        + "stroke-width=\"\(number(width))\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>"
    case .text(let text, let place, let size, let anchor, let colour):
      // Capitals of common fonts are 0.73 of the size high.
      return "<text x=\"\(number(place.x))\" y=\"\(number(place.y))\" "
        + "font-size=\"\(number(7 * size / 0.73))\" text-anchor=\"\(anchor.rawValue)\" "
        + "fill=\"\(hexadecimal(colour))\">\(escapedMarkup(text))</text>"
    }
  }

  private static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let digits =
      rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
    return (hundredths < 0 ? "-" : "") + "\(whole)" + digits
  }

  private static func hexadecimal(_ colour: Colour) -> String {
    String(format: "#%02x%02x%02x", colour.red, colour.green, colour.blue)
  }
}

/// A text as it may stand in XML and HTML, between tags and inside quotation marks; control
/// characters, which XML forbids, become spaces.
package func escapedMarkup(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): result += " "
    case "\u{FFFE}", "\u{FFFF}": result += " "
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
