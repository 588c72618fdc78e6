// jpeglib.h needs stdio.h before it.
#include <stdio.h>
#include <jpeglib.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"

// PNG ---------------------------------------------------------------------------------------------

typedef struct {
  ImageFileReport *report;
  uint8_t *bytes;
  size_t count, capacity;
  uint8_t *row;
  png_structp png;
  png_infop info;
} PNGWriter;

static void fail_png(png_structp png, png_const_charp message) {
  PNGWriter *writer = png_get_error_ptr(png);
  report_failure(writer->report, IMAGE_FILE_CORRUPT, "%s", message);
  png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp message) { (void)png, (void)message; }

static void append_bytes(png_structp png, png_bytep bytes, size_t count) {
  PNGWriter *writer = png_get_io_ptr(png);
  if (count > writer->capacity - writer->count) {
    size_t capacity = 2 * writer->capacity + count + 4096;
    uint8_t *larger = realloc(writer->bytes, capacity);
    if (!larger) png_error(png, "out of memory");
    writer->bytes = larger;
    writer->capacity = capacity;
  }
  memcpy(writer->bytes + writer->count, bytes, count);
  writer->count += count;
}

static void nothing_to_flush(png_structp png) { (void)png; }

static void write_png(
    PNGWriter *writer, const uint8_t *rgb, const uint8_t *alpha, int64_t width, int64_t height) {
  if (setjmp(png_jmpbuf(writer->png))) return;
  png_set_write_fn(writer->png, writer, append_bytes, nothing_to_flush);
  png_set_IHDR(
      writer->png, writer->info, (png_uint_32)width, (png_uint_32)height, 8,
      alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(writer->png, writer->info);
  for (int64_t y = 0; y < height; y++) {
    const uint8_t *source = rgb + 3 * width * y;
    if (!alpha) {
      png_write_row(writer->png, source);
      continue;
    }
    for (int64_t x = 0; x < width; x++) {
      memcpy(writer->row + 4 * x, source + 3 * x, 3);
      writer->row[4 * x + 3] = alpha[width * y + x];
    }
    png_write_row(writer->png, writer->row);
  }
  png_write_end(writer->png, writer->info);
}

uint8_t *image_file_encode_png(
    const uint8_t *rgb, const uint8_t *alpha, int64_t width, int64_t height, size_t *count,
    ImageFileReport *report) {
  memset(report, 0, sizeof *report);
  PNGWriter writer = {.report = report};
  writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, fail_png, ignore_warning);
  if (writer.png) writer.info = png_create_info_struct(writer.png);
  if (alpha) writer.row = malloc((size_t)(4 * width));
  if (writer.info && (!alpha || writer.row)) {
    write_png(&writer, rgb, alpha, width, height);
  } else {
    report_failure(report, IMAGE_FILE_OUT_OF_MEMORY, "the encoder could not be set up");
  }
  if (writer.png) png_destroy_write_struct(&writer.png, &writer.info);
  free(writer.row);
  *count = writer.count;
  if (report->status == IMAGE_FILE_OK) return writer.bytes;
  free(writer.bytes);
  return NULL;
}

// JPEG --------------------------------------------------------------------------------------------

typedef struct {
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  ImageFileReport *report;
  jmp_buf landing;
  unsigned char *bytes;
  unsigned long count;
} JPEGWriter;

static void fail_jpeg(j_common_ptr jpeg) {
  JPEGWriter *writer = jpeg->client_data;
  char words[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, words);
  report_failure(writer->report, IMAGE_FILE_CORRUPT, "%s", words);
  longjmp(writer->landing, 1);
}

static void ignore_message(j_common_ptr jpeg, int level) { (void)jpeg, (void)level; }

static void write_jpeg(
    JPEGWriter *writer, const uint8_t *rgb, int64_t width, int64_t height, int quality) {
  struct jpeg_compress_struct *jpeg = &writer->jpeg;
  if (setjmp(writer->landing)) return;
  jpeg_create_compress(jpeg);
  jpeg_mem_dest(jpeg, &writer->bytes, &writer->count);
  jpeg->image_width = (JDIMENSION)width;
  jpeg->image_height = (JDIMENSION)height;
  jpeg->input_components = 3;
  jpeg->in_color_space = JCS_RGB;
  jpeg_set_defaults(jpeg);
  jpeg_set_quality(jpeg, quality, TRUE);
  jpeg_start_compress(jpeg, TRUE);
  while (jpeg->next_scanline < jpeg->image_height) {
    JSAMPROW row = (JSAMPROW)(rgb + 3 * width * jpeg->next_scanline);
    jpeg_write_scanlines(jpeg, &row, 1);
  }
  jpeg_finish_compress(jpeg);
}

uint8_t *image_file_encode_jpeg(
    const uint8_t *rgb, int64_t width, int64_t height, int quality, size_t *count,
    ImageFileReport *report) {
  memset(report, 0, sizeof *report);
  JPEGWriter *writer = calloc(1, sizeof *writer);
  if (!writer) {
    report_failure(report, IMAGE_FILE_OUT_OF_MEMORY, "the encoder could not be set up");
    return NULL;
  }
  writer->report = report;
  writer->jpeg.err = jpeg_std_error(&writer->errors);
  writer->jpeg.client_data = writer;
  writer->errors.error_exit = fail_jpeg;
  writer->errors.emit_message = ignore_message;
  write_jpeg(writer, rgb, width, height, quality);
  if (!setjmp(writer->landing)) jpeg_destroy_compress(&writer->jpeg);
  uint8_t *bytes = writer->bytes;
  *count = writer->count;
  free(writer);
  if (report->status == IMAGE_FILE_OK) return bytes;
  free(bytes);
  return NULL;
}
