import CImageFiles

/// What a PNG or JPEG file says of its picture before the pixels come.
public struct ImageHeader: Sendable, Equatable {
  /// The size of the picture when it stands upright.
  public let size: ImageSize
  /// The size in which the file stores it.
  public let storedSize: ImageSize
  /// EXIF's orientation: 1 for a picture that is stored upright, up to 8 for turned or mirrored ones.
  public let orientation: Int

  /// Reads the header of a file; pixels that are damaged are not noticed.
  ///
  /// - Throws: `ImageError`.
  public init(
    contentsOf path: String, limits: ImageLimits = .standard
  ) throws(ImageError) {
    let bytes = try readPictureFile(path, limits: limits)
    let result: Result<ImageHeader, ImageError> = bytes.withUnsafeBytes { buffer in
      do throws(ImageError) {
        let opened = try openPicture(buffer, name: path, limits: limits)
        image_file_close(opened.reader)
        return .success(ImageHeader(stored: ImageSize(opened.report), opened.orientation))
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  private init(stored: ImageSize, _ orientation: Orientation) {
    size = orientation.turned(stored: stored)
    storedSize = stored
    self.orientation = orientation.value
  }
}
