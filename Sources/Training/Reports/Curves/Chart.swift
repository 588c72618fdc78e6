import Inputs

/// Small charts side by side that share their horizontal axis.
struct Chart {
  /// A line.
  struct Series {
    /// What it shows.
    var name: String
    /// Its points; those that are not finite are gaps.
    var points: [RunHistory.Point]
    /// The unsmoothed points, drawn paler behind it; empty where there are none.
    var raw: [RunHistory.Point] = []
  }

  /// One small chart.
  struct Panel {
    /// What it shows, with the unit.
    var title: String
    /// Its lines, in the order of their colours.
    var series: [Series]
    /// Whether the vertical axis may be logarithmic, which it is if the values are positive and
    /// spread widely.
    var allowsLogarithm = false
    /// What the vertical axis shows at least.
    var includes: ClosedRange<Double>?
  }

  /// What stands above all.
  var title: String
  /// The charts.
  var panels: [Panel]

  /// Colours of lines: each has a contrast of at least 4.5 to white.
  static let colours = [
    Colour(0x1F_5FB4), Colour(0xBC_4C00), Colour(0x1A_7F37), Colour(0x82_50DF),
    Colour(0xBF_3989), Colour(0x0B_7285), Colour(0x7D_4E00), Colour(0x57_606A),
  ]
}

extension Chart.Panel {
  /// The vertical axis.
  var axis: AxisTicks {
    let values = series.flatMap { $0.points + $0.raw }.map(\.value).filter(\.isFinite)
    guard var low = values.min(), var high = values.max() else { return AxisTicks(0...1, count: 5) }
    if let includes {
      low = min(low, includes.lowerBound)
      high = max(high, includes.upperBound)
    }
    // From here on a linear axis would press most of the curve flat.
    if allowsLogarithm, low > 0, high / low > 30 { return AxisTicks(logarithmic: low...high) }
    return AxisTicks(low...high, count: 5)
  }
}
