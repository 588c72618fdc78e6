import Inputs

extension Chart {
  private static let panelWidth = 360.0
  private static let panelHeight = 250.0
  private static let header = 34.0
  private static let ink = Colour(0x1F_2328)

  /// The charts as a drawing.
  var figure: Figure {
    let columns = panels.count <= 3 ? max(1, panels.count) : panels.count == 4 ? 2 : 3
    let rows = max(1, (panels.count + columns - 1) / columns)
    var figure = Figure(
      width: Double(columns) * Self.panelWidth,
      height: Self.header + Double(rows) * Self.panelHeight)
    figure.marks.append(.text(title, at: .init(14, 24), size: 1.5, .start, Self.ink))
    let steps = panels.flatMap(\.series).flatMap { ($0.raw + $0.points).map(\.step) }
    // Every curve begins at step 0 of one common axis, so that charts can be compared.
    let across = AxisTicks(0...Double(max(steps.max() ?? 1, 1)), count: 5, growsToMarks: false)
    for (index, panel) in panels.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      PanelDrawing(
        panel: panel, across: across, left: Double(column) * Self.panelWidth,
        top: Self.header + Double(row) * Self.panelHeight, width: Self.panelWidth,
        height: Self.panelHeight
      ).draw(into: &figure)
    }
    return figure
  }
}

/// Draws one chart into its part of a figure.
private struct PanelDrawing {
  let panel: Chart.Panel
  let across: AxisTicks
  let left: Double
  let top: Double
  let width: Double
  let height: Double

  private static let ink = Colour(0x1F_2328)
  private static let faint = Colour(0x59_636E)
  private static let grid = Colour(0xDD_E1E6)
  private static let legendRow = 14.0
  private static let paleness = 0.45

  func draw(into figure: inout Figure) {
    let legend = legendRows
    let axis = panel.axis
    let labels = axis.labels
    let labelWidth = labels.map { Figure.width(of: $0, size: 1) }.max() ?? 0
    let frame = PlotFrame(
      left: left + 14 + labelWidth + 6, right: left + width - 14,
      top: top + 22 + Self.legendRow * Double(legend.count), bottom: top + height - 34)
    figure.marks.append(
      .text(panel.title, at: .init(left + 14, top + 12), size: 1, .start, Self.ink))
    draw(legend, into: &figure)
    for (value, label) in zip(axis.values, labels) {
      let y = frame.y(axis.place(value))
      figure.marks.append(
        .area(x: frame.left, y: y - 0.25, width: frame.right - frame.left, height: 0.5, Self.grid))
      figure.marks.append(
        .text(label, at: .init(frame.left - 6, y + 3.5), size: 1, .end, Self.faint))
    }
    drawSteps(in: frame, into: &figure)
    for (index, series) in panel.series.enumerated() {
      let colour = Chart.colours[index % Chart.colours.count]
      draw(series.raw, axis, frame, width: 1, colour.tint(Self.paleness), into: &figure)
    }
    for (index, series) in panel.series.enumerated() {
      let colour = Chart.colours[index % Chart.colours.count]
      draw(series.points, axis, frame, width: 1.75, colour, into: &figure)
    }
  }

  private func drawSteps(in frame: PlotFrame, into figure: inout Figure) {
    figure.marks.append(
      .area(
        x: frame.left, y: frame.bottom - 0.5, width: frame.right - frame.left, height: 1, Self.faint
      ))
    for value in across.values {
      let x = frame.x(across.place(value))
      figure.marks.append(.area(x: x - 0.5, y: frame.bottom, width: 1, height: 4, Self.faint))
      figure.marks.append(
        .text(
          AxisTicks.short(value), at: .init(x, frame.bottom + 15), size: 1, .middle, Self.faint))
    }
    figure.marks.append(
      .text("step", at: .init(frame.right, frame.bottom + 28), size: 1, .end, Self.faint))
  }

  private func draw(
    _ points: [RunHistory.Point], _ axis: AxisTicks, _ frame: PlotFrame, width: Double,
    _ colour: Colour, into figure: inout Figure
  ) {
    for piece in points.split(whereSeparator: { !$0.value.isFinite }) {
      let line = piece.map { point in
        Figure.Point(
          frame.x(across.place(Double(point.step))),
          frame.y(max(0, min(1, axis.place(point.value)))))
      }
      // A single point would be an invisible line.
      let isDot = line.count == 1
      figure.marks.append(.line(line, width: isDot ? 4 : width, colour))
    }
  }

  // Legend ----------------------------------------------------------------------------------------

  private typealias Entry = (name: String, colour: Colour, x: Double)

  /// The lines' names with their last values, broken into rows.
  private var legendRows: [[Entry]] {
    var names: [(String, Colour)] = []
    for (index, series) in panel.series.enumerated() {
      let last = series.points.last { $0.value.isFinite }.map { AxisTicks.short($0.value) }
      let colour = Chart.colours[index % Chart.colours.count]
      names.append((String(series.name.prefix(40)) + (last.map { " \($0)" } ?? ""), colour))
      if !series.raw.isEmpty { names.append(("single steps", colour.tint(Self.paleness))) }
    }
    var rows: [[Entry]] = []
    var x = 14.0
    for (name, colour) in names {
      let extent = 18 + Figure.width(of: name, size: 1) + 12
      if rows.isEmpty || x + extent > width {
        rows.append([])
        x = 14
      }
      rows[rows.count - 1].append((name, colour, x))
      x += extent
    }
    return rows
  }

  private func draw(_ rows: [[Entry]], into figure: inout Figure) {
    for (row, entries) in rows.enumerated() {
      let base = top + 27 + Self.legendRow * Double(row)
      for entry in entries {
        figure.marks.append(
          .area(x: left + entry.x, y: base - 5, width: 12, height: 3, entry.colour))
        figure.marks.append(
          .text(entry.name, at: .init(left + entry.x + 17, base), size: 1, .start, Self.ink))
      }
    }
  }
}

/// Where the curves of a chart are.
private struct PlotFrame {
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double

  func x(_ share: Double) -> Double { left + share * (right - left) }
  func y(_ share: Double) -> Double { bottom - share * (bottom - top) }
}
