#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"

typedef struct {
  ImageFileReader base;
  const uint8_t *bytes;
  size_t count, position;
  int met_end;
  int channels;
  int interlaced;
  png_structp png;
  png_infop info;
  uint8_t *pixels;   // one row, or the whole picture when it is interlaced
  png_bytep *places;  // the rows of an interlaced picture
} PNGReader;

static void fail(png_structp png, png_const_charp message) {
  PNGReader *reader = png_get_error_ptr(png);
  report_failure(
      &reader->base.report, reader->met_end ? IMAGE_FILE_TRUNCATED : IMAGE_FILE_CORRUPT, "%s",
      message);
  png_longjmp(png, 1);
}

// libpng warns about ancillary chunks only, none of which changes a pixel here.
static void ignore_warning(png_structp png, png_const_charp message) { (void)png, (void)message; }

static void take_bytes(png_structp png, png_bytep destination, size_t count) {
  PNGReader *reader = png_get_io_ptr(png);
  if (count > reader->count - reader->position) {
    reader->met_end = 1;
    png_error(png, "the file ends inside a chunk");
  }
  memcpy(destination, reader->bytes + reader->position, count);
  reader->position += count;
}

static void note_progress(png_structp png, png_uint_32 row, int pass) {
  PNGReader *reader = png_get_error_ptr(png);
  reader->base.report.rows = row;
  reader->base.report.pass = reader->interlaced ? pass + 1 : 0;
}

static void read_pixels(PNGReader *reader, const Canvas *canvas) {
  ImageFileReport *report = &reader->base.report;
  size_t row = (size_t)report->width * (size_t)reader->channels;
  size_t rows = reader->interlaced ? (size_t)report->height : 1;
  reader->pixels = calloc(rows, row);
  reader->places = reader->interlaced ? malloc(rows * sizeof(png_bytep)) : NULL;
  if (!reader->pixels || (reader->interlaced && !reader->places)) {
    report_failure(report, IMAGE_FILE_OUT_OF_MEMORY, "%zu bytes could not be had", rows * row);
    return;
  }
  if (setjmp(png_jmpbuf(reader->png))) return;
  if (!reader->interlaced) {
    for (int64_t y = 0; y < report->height; y++) {
      png_read_row(reader->png, reader->pixels, NULL);
      canvas_put_row(canvas, y, reader->pixels, reader->channels);
      report->rows = y + 1;
    }
  } else {
    png_set_read_status_fn(reader->png, note_progress);
    for (size_t y = 0; y < rows; y++) reader->places[y] = reader->pixels + y * row;
    png_read_image(reader->png, reader->places);
    report->rows = report->height;
  }
  report->pass = 0;
}

// The rest of the file is read for the check sum of the last pixels only: once all rows are there,
// a missing end does no harm.
static void read_end(PNGReader *reader) {
  if (setjmp(png_jmpbuf(reader->png))) {
    if (reader->met_end) reader->base.report.status = IMAGE_FILE_OK;
    return;
  }
  png_read_end(reader->png, NULL);
}

static void read_png(ImageFileReader *base, Canvas canvas) {
  PNGReader *reader = (PNGReader *)base;
  ImageFileReport *report = &base->report;
  read_pixels(reader, &canvas);
  if (report->status == IMAGE_FILE_OK) read_end(reader);
  if (report->status == IMAGE_FILE_TRUNCATED && base->limits.accepts_truncated) {
    report->status = IMAGE_FILE_OK;
    if (!reader->interlaced) canvas_blacken_from(&canvas, report->rows);
  }
  if (reader->interlaced && report->status == IMAGE_FILE_OK) {
    for (int64_t y = 0; y < report->height; y++) {
      canvas_put_row(&canvas, y, reader->places[y], reader->channels);
    }
  }
}

static void close_png(ImageFileReader *base) {
  PNGReader *reader = (PNGReader *)base;
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader->pixels);
  free(reader->places);
}

static void read_header(PNGReader *reader) {
  png_structp png = reader->png;
  ImageFileReport *report = &reader->base.report;
  if (setjmp(png_jmpbuf(png))) return;
  png_set_read_fn(png, reader, take_bytes);
  // Sizes are compared with our own limits, for a better message than the library's.
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_chunk_malloc_max(png, 1 << 20);
  // Pixels are taken in small portions, so that a truncated file gives nearly every row it holds.
  png_set_compression_buffer_size(png, 256);
  // Only the palette and the transparent colour matter; text, profiles and the like are skipped.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(png, reader->info);
  report->width = png_get_image_width(png, reader->info);
  report->height = png_get_image_height(png, reader->info);
  if (!size_is_within_limits(report, &reader->base.limits)) return;
  reader->interlaced = png_get_interlace_type(png, reader->info) != PNG_INTERLACE_NONE;
  png_set_expand(png);    // palette to RGB, 1, 2, 4 bits to 8, transparent colour to alpha
  png_set_strip_16(png);  // the high byte, as Pillow does
  png_set_gray_to_rgb(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  reader->channels = png_get_channels(png, reader->info);
  report->has_alpha = reader->channels == 4;
  size_t row = png_get_rowbytes(png, reader->info);
  if (reader->channels < 3 || row != (size_t)report->width * (size_t)reader->channels) {
    report_failure(report, IMAGE_FILE_UNSUPPORTED, "%d channels", reader->channels);
    return;
  }
  int64_t needed = (int64_t)row * (reader->interlaced ? report->height : 1);
  if (needed > reader->base.limits.decoder_memory) {
    report_failure(
        report, IMAGE_FILE_TOO_LARGE, "%lld x %lld interlaced pixels", (long long)report->width,
        (long long)report->height);
  }
}

ImageFileReader *image_file_open_png(
    const uint8_t *bytes, size_t count, ImageFileLimits limits, ImageFileReport *report) {
  memset(report, 0, sizeof *report);
  PNGReader *reader = calloc(1, sizeof *reader);
  if (!reader) {
    report_failure(report, IMAGE_FILE_OUT_OF_MEMORY, "the decoder could not be set up");
    return NULL;
  }
  reader->base = (ImageFileReader){.limits = limits, .read = read_png, .close = close_png};
  reader->bytes = bytes;
  reader->count = count;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, fail, ignore_warning);
  if (reader->png) reader->info = png_create_info_struct(reader->png);
  if (reader->info) {
    read_header(reader);
  } else {
    report_failure(
        &reader->base.report, IMAGE_FILE_OUT_OF_MEMORY, "the decoder could not be set up");
  }
  *report = reader->base.report;
  if (report->status == IMAGE_FILE_OK) return &reader->base;
  image_file_close(&reader->base);
  return NULL;
}
