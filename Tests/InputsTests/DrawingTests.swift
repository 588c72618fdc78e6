import Foundation
import Testing

@testable import Inputs

@Suite struct DrawingTests {
  private let grey = Image(width: 400, height: 300, filledWith: (128, 128, 128))

  private func box(
    _ x: Float, _ y: Float, _ width: Float, _ height: Float, _ label: String = "", colour: Int = 0
  ) -> Annotation {
    Annotation(x: x, y: y, width: width, height: height, label: label, colorIndex: colour)
  }

  @Test func boxesAreDrawnWhereTheyAre() {
    let drawn = grey.annotated([box(100, 50, 80, 60)])
    #expect(drawn.size == grey.size)
    let colour = Colour.ofIndex(0)
    for (x, y) in [(100, 50), (179, 50), (100, 109), (179, 109), (140, 51), (101, 80)] {
      let pixel = drawn[x, y]
      #expect(Colour(red: pixel.red, green: pixel.green, blue: pixel.blue) == colour, "\(x), \(y)")
    }
    for (x, y) in [(140, 80), (97, 80), (184, 80), (140, 46)] {
      #expect(drawn[x, y] == (128, 128, 128))
    }
  }

  @Test func smallPicturesAreEnlarged() {
    let drawn = Image(width: 64, height: 48, filledWith: (1, 2, 3)).annotated([])
    #expect(drawn == Image(width: 384, height: 288, filledWith: (1, 2, 3)))
    #expect(grey.annotated([]) == grey)
  }

  @Test func strangeBoxesDoNoHarm() {
    let strange = [
      box(-50, -50, 20, 20, "outside"), box(.nan, 0, 1, 1, "nan"), box(0, 0, .infinity, 1, "inf"),
      box(3e38, 0, 3e38, 5, "far"), box(10, 10, -5, 5, "negative"), box(0, 0, 0, 0, "empty"),
    ]
    #expect(grey.annotated(strange) == grey)
    let pixel = Image(width: 1, height: 1, filledWith: (9, 9, 9))
    #expect(pixel.annotated([box(0, 0, 1, 1, "a pixel")]).width == 384)
    let thin = Image(width: 3000, height: 2, filledWith: (9, 9, 9))
    #expect(thin.annotated([box(0, 0, 9, 2, "thin")]).size == thin.size)
    let label = String(repeating: "long ", count: 1000)
    #expect(grey.annotated([box(10, 10, 50, 50, label)]).size == grey.size)
  }

  @Test func labelsStayInsideAndApart() {
    let boxes = [
      PixelRectangle(x: 0, y: 0, width: 90, height: 80),
      PixelRectangle(x: 2, y: 2, width: 90, height: 80),
      PixelRectangle(x: 330, y: 250, width: 70, height: 50),
      PixelRectangle(x: 332, y: 252, width: 60, height: 40),
      PixelRectangle(x: 100, y: 0, width: 300, height: 300),
    ]
    var placement = LabelPlacement(width: 400, height: 300, boxes: boxes)
    let places = boxes.indices.map { placement.place(labelWidth: 120, labelHeight: 22, at: $0) }
    for (index, place) in places.enumerated() {
      #expect(place.x >= 0 && place.y >= 0 && place.x + 120 <= 400 && place.y + 22 <= 300)
      for other in places[..<index] { #expect(place.overlap(with: other) == 0) }
    }
  }

  @Test func aLabelPrefersTheUpperLeftCorner() {
    let boxes = [PixelRectangle(x: 50, y: 100, width: 200, height: 100)]
    var placement = LabelPlacement(width: 400, height: 300, boxes: boxes)
    #expect(
      placement.place(labelWidth: 80, labelHeight: 20, at: 0)
        == PixelRectangle(x: 50, y: 80, width: 80, height: 20))
  }

  // WCAG 2.1 asks for a contrast ratio of 4.5 for text of normal size.
  @Test func textIsReadableOnEveryColour() {
    for index in 0..<16 {
      let ground = Colour.ofIndex(index)
      let lights = [ground.luminance, ground.readableText.luminance].sorted()
      #expect((lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5, "colour \(index)")
      #expect((0..<index).allSatisfy { Colour.ofIndex($0) != ground })
    }
    #expect(Colour.ofIndex(-1) == Colour.ofIndex(15))
    #expect(Colour.ofIndex(Int.min) == Colour.ofIndex(0))
  }

  @Test func theFontHasEveryCharacter() {
    var pictures: Set<[Int]> = []
    for code in UInt8(0x20)...0x7e {
      let glyph = BitmapFont.glyphs(of: String(UnicodeScalar(code)))[0]
      pictures.insert([glyph.width] + glyph.cells.map { $0.row * 8 + $0.column })
      #expect(glyph.cells.allSatisfy { $0.column < glyph.width && $0.row < BitmapFont.height })
    }
    #expect(pictures.count == 95)
    let plain = BitmapFont.glyphs(of: "naive ?")
    let foreign = BitmapFont.glyphs(of: "na\u{ef}ve\t日")
    #expect(zip(plain, foreign).allSatisfy { $0.cells.elementsEqual($1.cells, by: ==) })
  }
}
