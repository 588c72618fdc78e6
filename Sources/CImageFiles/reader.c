#include "reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_failure(ImageFileReport *report, ImageFileStatus status, const char *format, ...) {
  if (report->status != IMAGE_FILE_OK) return;
  report->status = status;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(report->message, sizeof report->message, format, arguments);
  va_end(arguments);
}

int size_is_within_limits(ImageFileReport *report, const ImageFileLimits *limits) {
  int64_t width = report->width, height = report->height;
  if (width < 1 || height < 1) {
    report_failure(
        report, IMAGE_FILE_CORRUPT, "a size of %lld x %lld pixels", (long long)width,
        (long long)height);
    return 0;
  }
  // Both sides are below 2^31 in either format, so that the product cannot overflow.
  if (width > limits->side || height > limits->side || width * height > limits->pixels) {
    report_failure(
        report, IMAGE_FILE_TOO_LARGE, "%lld x %lld pixels", (long long)width, (long long)height);
    return 0;
  }
  return 1;
}

/// Position of the row's first pixel and distance between its pixels in the upright picture.
static void row_path(const Canvas *canvas, int64_t y, int64_t *start, int64_t *step) {
  int64_t w = canvas->width, h = canvas->height;
  switch (canvas->orientation) {
    case 2: *start = y * w + w - 1, *step = -1; break;
    case 3: *start = (h - 1 - y) * w + w - 1, *step = -1; break;
    case 4: *start = (h - 1 - y) * w, *step = 1; break;
    case 5: *start = y, *step = h; break;
    case 6: *start = h - 1 - y, *step = h; break;
    case 7: *start = (w - 1) * h + h - 1 - y, *step = -h; break;
    case 8: *start = (w - 1) * h + y, *step = -h; break;
    default: *start = y * w, *step = 1; break;
  }
}

void canvas_put_row(const Canvas *canvas, int64_t y, const uint8_t *row, int channels) {
  int64_t start, step;
  row_path(canvas, y, &start, &step);
  if (channels == 3 && step == 1) {
    memcpy(canvas->rgb + 3 * start, row, (size_t)(3 * canvas->width));
  } else {
    uint8_t *place = canvas->rgb + 3 * start;
    for (int64_t x = 0; x < canvas->width; x++, place += 3 * step) {
      const uint8_t *pixel = row + x * channels;
      place[0] = pixel[0], place[1] = pixel[1], place[2] = pixel[2];
    }
  }
  if (!canvas->alpha) return;
  for (int64_t x = 0; x < canvas->width; x++) {
    canvas->alpha[start + x * step] = channels == 4 ? row[x * 4 + 3] : 255;
  }
}

void canvas_blacken_from(const Canvas *canvas, int64_t y) {
  for (; y < canvas->height; y++) {
    int64_t start, step;
    row_path(canvas, y, &start, &step);
    for (int64_t x = 0; x < canvas->width; x++, start += step) {
      memset(canvas->rgb + 3 * start, 0, 3);
      if (canvas->alpha) canvas->alpha[start] = 255;
    }
  }
}

void image_file_reduce(ImageFileReader *reader, int factor, ImageFileReport *report) {
  if (reader->reduce) reader->reduce(reader, factor);
  *report = reader->report;
}

void image_file_read(
    ImageFileReader *reader, int orientation, uint8_t *rgb, uint8_t *alpha,
    ImageFileReport *report) {
  Canvas canvas = {rgb, alpha, reader->report.width, reader->report.height, orientation};
  reader->read(reader, canvas);
  *report = reader->report;
}

void image_file_read_rows(
    ImageFileReader *reader, int64_t rows, uint8_t *rgb, ImageFileReport *report) {
  if (reader->read_rows) {
    reader->read_rows(reader, rows, rgb);
  } else {
    report_failure(&reader->report, IMAGE_FILE_UNSUPPORTED, "rows are not read one by one");
  }
  *report = reader->report;
}

void image_file_put_row(
    const uint8_t *row, int64_t y, int64_t width, int64_t height, int orientation, uint8_t *rgb) {
  Canvas canvas = {rgb, NULL, width, height, orientation};
  canvas_put_row(&canvas, y, row, 3);
}

void image_file_close(ImageFileReader *reader) {
  if (!reader) return;
  reader->close(reader);
  free(reader);
}

void image_file_free(uint8_t *memory) { free(memory); }
