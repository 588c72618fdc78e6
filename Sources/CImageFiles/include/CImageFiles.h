// Decodes PNG and JPEG files from memory and encodes to memory, over libpng and libjpeg.
//
// Both libraries report errors by longjmp. Every function below sets its own landing place, so that
// no jump ever leaves this module: a failure is a status and the library's words in the report.
#ifndef CIMAGEFILES_H
#define CIMAGEFILES_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
  IMAGE_FILE_OK = 0,
  /// The bytes end before the picture does.
  IMAGE_FILE_TRUNCATED,
  /// The bytes contradict the format.
  IMAGE_FILE_CORRUPT,
  /// The declared size is over the limits; nothing has been allocated for it.
  IMAGE_FILE_TOO_LARGE,
  /// A valid kind of file that is not read here.
  IMAGE_FILE_UNSUPPORTED,
  IMAGE_FILE_OUT_OF_MEMORY,
} ImageFileStatus;

typedef struct {
  /// Largest width and largest height.
  int64_t side;
  /// Largest width times height.
  int64_t pixels;
  /// Bytes that the decoder may use besides the caller's pixels.
  int64_t decoder_memory;
  /// Largest number of scans of a progressive JPEG.
  int32_t scans;
  /// Whether a truncated picture is returned, with black where nothing was read.
  int32_t accepts_truncated;
} ImageFileLimits;

typedef struct {
  ImageFileStatus status;
  /// Size as stored in the file, or after `image_file_reduce` the reduced one, before the orientation
  /// is applied; 0 while unknown.
  int64_t width, height;
  /// Whether there is an alpha channel (or a transparent colour).
  int32_t has_alpha;
  /// Rows decoded when the work ended, and, of an interlaced PNG, the pass (1 to 7) it was in.
  int64_t rows;
  int32_t pass;
  /// What the library said, for a status other than OK.
  char message[200];
} ImageFileReport;

typedef struct ImageFileReader ImageFileReader;

// Decoding ----------------------------------------------------------------------------------------

/// Reads the header. Returns NULL and fills the report on failure. `bytes` must stay alive and
/// unchanged until the reader is closed.
ImageFileReader *image_file_open_png(
    const uint8_t *bytes, size_t count, ImageFileLimits limits, ImageFileReport *report);
ImageFileReader *image_file_open_jpeg(
    const uint8_t *bytes, size_t count, ImageFileLimits limits, ImageFileReport *report);

/// Makes every pixel of a JPEG the mean of `factor` x `factor` of the file's (1, 2, 4 or 8), which is
/// cheaper than all of them; the report gets the new size, rounded up. A PNG stays as it is.
void image_file_reduce(ImageFileReader *reader, int factor, ImageFileReport *report);

/// Decodes the pixels, once, and turns them upright by the EXIF orientation (1 to 8).
/// `rgb` holds 3 * width * height bytes; `alpha`, width * height bytes or NULL to drop it.
void image_file_read(
    ImageFileReader *reader, int orientation, uint8_t *rgb, uint8_t *alpha,
    ImageFileReport *report);

/// Decodes the next `rows` rows of a JPEG as they are stored, 3 * width bytes each, instead of all.
void image_file_read_rows(
    ImageFileReader *reader, int64_t rows, uint8_t *rgb, ImageFileReport *report);
/// Copies row `y` of a picture that is stored with `width` x `height` pixels to its upright place.
void image_file_put_row(
    const uint8_t *row, int64_t y, int64_t width, int64_t height, int orientation, uint8_t *rgb);

void image_file_close(ImageFileReader *reader);

// Encoding ----------------------------------------------------------------------------------------

/// Both return memory of `*count` bytes for image_file_free, or NULL with the library's words.
uint8_t *image_file_encode_png(
    const uint8_t *rgb, const uint8_t *alpha, int64_t width, int64_t height, size_t *count,
    ImageFileReport *report);
uint8_t *image_file_encode_jpeg(
    const uint8_t *rgb, int64_t width, int64_t height, int quality, size_t *count,
    ImageFileReport *report);
void image_file_free(uint8_t *memory);

#endif
