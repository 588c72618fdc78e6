extension Image {
  /// The middle of the picture, with black around where the picture is smaller; without alpha.
  ///
  /// The left and the upper edge are rounded down, as `center_crop` of Hugging Face's
  /// `image_transforms.py` does.
  public func centreCropped(width: Int, height: Int) -> Image {
    precondition(width > 0 && height > 0, "a picture cannot be cropped to \(width) x \(height)")
    if (width, height) == (self.width, self.height) { return self }
    // Shifting rounds down for negative numbers, too.
    let (left, top) = ((self.width - width) >> 1, (self.height - height) >> 1)
    let columns = max(0, left)..<min(self.width, left + width)
    var result = [UInt8](repeating: 0, count: 3 * width * height)
    for y in max(0, top)..<min(self.height, top + height) {
      let source = 3 * (y * self.width + columns.lowerBound)
      let destination = 3 * ((y - top) * width + columns.lowerBound - left)
      result.replaceSubrange(
        destination..<destination + 3 * columns.count,
        with: pixels[source..<source + 3 * columns.count])
    }
    return Image(width: width, height: height, pixels: result)
  }

  /// A part of the picture; without alpha.
  public func cropped(columns: Range<Int>, rows: Range<Int>) -> Image {
    precondition(
      !columns.isEmpty && !rows.isEmpty && columns.lowerBound >= 0 && rows.lowerBound >= 0
        && columns.upperBound <= width && rows.upperBound <= height,
      "columns \(columns) and rows \(rows) of a picture of \(size)")
    var result: [UInt8] = []
    result.reserveCapacity(3 * columns.count * rows.count)
    for y in rows {
      let start = 3 * (y * width + columns.lowerBound)
      result += pixels[start..<start + 3 * columns.count]
    }
    return Image(width: columns.count, height: rows.count, pixels: result)
  }
}
