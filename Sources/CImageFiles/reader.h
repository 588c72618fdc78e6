// What the PNG and the JPEG reader share.
#ifndef READER_H
#define READER_H

#include "CImageFiles.h"

/// Where the pixels go: upright rows of RGB and, apart from them, alpha.
typedef struct {
  uint8_t *rgb, *alpha;
  int64_t width, height;  // as stored
  int orientation;
} Canvas;

struct ImageFileReader {
  ImageFileReport report;
  ImageFileLimits limits;
  void (*reduce)(ImageFileReader *reader, int factor);  // or NULL
  void (*read)(ImageFileReader *reader, Canvas canvas);
  void (*read_rows)(ImageFileReader *reader, int64_t rows, uint8_t *rgb);  // or NULL
  void (*close)(ImageFileReader *reader);
};

/// Writes row `y` as stored, of `channels` (3 RGB, 4 RGBA) bytes a pixel, to its upright place.
void canvas_put_row(const Canvas *canvas, int64_t y, const uint8_t *row, int channels);
/// Makes the stored rows from `y` on black and opaque.
void canvas_blacken_from(const Canvas *canvas, int64_t y);

/// Compares the size in the report with the limits; sets status and message when it is over.
int size_is_within_limits(ImageFileReport *report, const ImageFileLimits *limits);

/// Notes the first failure; later ones keep the first's words.
__attribute__((format(printf, 3, 4))) void report_failure(
    ImageFileReport *report, ImageFileStatus status, const char *format, ...);

#endif
