// jpeglib.h needs stdio.h before it, and jerror.h needs jpeglib.h.
#include <stdio.h>
#include <jpeglib.h>
#include <jerror.h>

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"

typedef struct {
  ImageFileReader base;
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf landing;
  int met_end;
  uint8_t *row;
} JPEGReader;

static JPEGReader *owner(j_common_ptr jpeg) { return jpeg->client_data; }

static void fail(j_common_ptr jpeg) {
  JPEGReader *reader = owner(jpeg);
  char words[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, words);
  int code = jpeg->err->msg_code;
  ImageFileStatus status = reader->met_end ? IMAGE_FILE_TRUNCATED : IMAGE_FILE_CORRUPT;
  if (code == JERR_IMAGE_TOO_BIG) {
    status = IMAGE_FILE_TOO_LARGE;
    reader->base.report.width = reader->jpeg.image_width;
    reader->base.report.height = reader->jpeg.image_height;
  } else if (code == JERR_OUT_OF_MEMORY) {
    status = IMAGE_FILE_OUT_OF_MEMORY;
  } else if (code == JERR_NO_BACKING_STORE) {
    status = IMAGE_FILE_TOO_LARGE;
  } else if (
      code == JERR_SOF_UNSUPPORTED || code == JERR_BAD_PRECISION || code == JERR_CONVERSION_NOTIMPL) {
    status = IMAGE_FILE_UNSUPPORTED;
  }
  report_failure(&reader->base.report, status, "%s", words);
  longjmp(reader->landing, 1);
}

/// Whether the library patched a hole in the picture, rather than skipped something harmless.
static int is_damage(int code) {
  return code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE || code == JWRN_ARITH_BAD_CODE ||
         code == JWRN_MUST_RESYNC || code == JWRN_BOGUS_PROGRESSION;
}

static void note_message(j_common_ptr jpeg, int level) {
  JPEGReader *reader = owner(jpeg);
  if (level >= 0 || !is_damage(jpeg->err->msg_code)) return;
  if (reader->met_end && reader->base.limits.accepts_truncated) return;
  fail(jpeg);
}

static void say_nothing(j_common_ptr jpeg) { (void)jpeg; }

static void limit_scans(j_common_ptr jpeg) {
  JPEGReader *reader = owner(jpeg);
  if (reader->jpeg.input_scan_number <= reader->base.limits.scans) return;
  report_failure(
      &reader->base.report, IMAGE_FILE_CORRUPT, "more than %d scans", reader->base.limits.scans);
  longjmp(reader->landing, 1);
}

// Source of bytes: all are there from the start; past the end stands an end marker, which the
// library needs to return from wherever it is.

static void do_nothing(j_decompress_ptr jpeg) { (void)jpeg; }

static boolean meet_end(j_decompress_ptr jpeg) {
  static const JOCTET end_of_image[2] = {0xff, JPEG_EOI};
  owner((j_common_ptr)jpeg)->met_end = 1;
  jpeg->src->next_input_byte = end_of_image;
  jpeg->src->bytes_in_buffer = sizeof end_of_image;
  return TRUE;
}

static void skip_bytes(j_decompress_ptr jpeg, long count) {
  if (count <= 0) return;
  if ((size_t)count > jpeg->src->bytes_in_buffer) {
    meet_end(jpeg);
  } else {
    jpeg->src->next_input_byte += count;
    jpeg->src->bytes_in_buffer -= (size_t)count;
  }
}

/// a * b / 255, rounded.
static uint8_t product(int a, int b) {
  int scaled = a * b + 128;
  return (uint8_t)(((scaled >> 8) + scaled) >> 8);
}

// Four inks are stored inverted (255 = no ink), as every program since Photoshop writes them.
static void convert_inks(uint8_t *row, int64_t width) {
  for (int64_t x = 0; x < width; x++) {
    const uint8_t *inks = row + 4 * x;
    int black = inks[3];
    for (int c = 0; c < 3; c++) row[3 * x + c] = (uint8_t)(black - product(255 - inks[c], black));
  }
}

/// Begins with the pixels; returns 0 after a failure, which may also jump to the landing.
static int start(JPEGReader *reader) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  ImageFileReport *report = &reader->base.report;
  reader->row = malloc((size_t)report->width * 4);
  if (!reader->row) {
    report_failure(report, IMAGE_FILE_OUT_OF_MEMORY, "a row of pixels could not be had");
    return 0;
  }
  jpeg->out_color_space = jpeg->num_components == 4 ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(jpeg);
  // A file of several scans was read to its end by now, without any pixel being final.
  if (reader->met_end && jpeg_has_multiple_scans(jpeg) &&
      !reader->base.limits.accepts_truncated) {
    report_failure(
        report, IMAGE_FILE_TRUNCATED, "the file ends in scan %d", jpeg->input_scan_number);
    return 0;
  }
  return 1;
}

/// Decodes the next row to `rgb`, or to the reader's own row where that is NULL.
static void read_row(JPEGReader *reader, uint8_t *rgb) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  int has_inks = jpeg->num_components == 4;
  uint8_t *row = rgb && !has_inks ? rgb : reader->row;
  jpeg_read_scanlines(jpeg, &row, 1);
  reader->base.report.rows = jpeg->output_scanline;
  if (!has_inks) return;
  convert_inks(row, reader->base.report.width);
  if (rgb) memcpy(rgb, row, (size_t)reader->base.report.width * 3);
}

static void read_pixels(JPEGReader *reader, const Canvas *canvas) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (setjmp(reader->landing)) return;
  if (!start(reader)) return;
  // Upright rows of RGB go where they belong without a stop.
  int is_direct = canvas->orientation < 2 && !canvas->alpha;
  while (jpeg->output_scanline < jpeg->output_height) {
    int64_t y = jpeg->output_scanline;
    read_row(reader, is_direct ? canvas->rgb + 3 * y * canvas->width : NULL);
    if (!is_direct) canvas_put_row(canvas, y, reader->row, 3);
  }
}

static void read_jpeg_rows(ImageFileReader *base, int64_t rows, uint8_t *rgb) {
  JPEGReader *reader = (JPEGReader *)base;
  if (setjmp(reader->landing)) return;
  if (!reader->row && !start(reader)) return;
  for (int64_t y = 0; y < rows; y++) read_row(reader, rgb + 3 * y * base->report.width);
}

static void read_jpeg(ImageFileReader *base, Canvas canvas) {
  read_pixels((JPEGReader *)base, &canvas);
}

// The factors are the sizes of the inverse transform: 4 x 4, 2 x 2 or 1 x 1 instead of 8 x 8.
static void reduce_jpeg(ImageFileReader *base, int factor) {
  struct jpeg_decompress_struct *jpeg = &((JPEGReader *)base)->jpeg;
  if (setjmp(((JPEGReader *)base)->landing)) return;
  jpeg->scale_num = 1;
  jpeg->scale_denom = (unsigned)factor;
  jpeg_calc_output_dimensions(jpeg);
  base->report.width = jpeg->output_width;
  base->report.height = jpeg->output_height;
}

static void close_jpeg(ImageFileReader *base) {
  JPEGReader *reader = (JPEGReader *)base;
  if (!setjmp(reader->landing)) jpeg_destroy_decompress(&reader->jpeg);
  free(reader->row);
}

static void read_header(JPEGReader *reader) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  ImageFileReport *report = &reader->base.report;
  if (setjmp(reader->landing)) return;
  jpeg_create_decompress(jpeg);
  jpeg->mem->max_memory_to_use = (long)reader->base.limits.decoder_memory;
  jpeg->src = &reader->source;
  jpeg->progress = &reader->progress;
  jpeg_read_header(jpeg, TRUE);
  report->width = jpeg->image_width;
  report->height = jpeg->image_height;
  if (!size_is_within_limits(report, &reader->base.limits)) return;
  int components = jpeg->num_components;
  if (components != 1 && components != 3 && components != 4) {
    report_failure(report, IMAGE_FILE_UNSUPPORTED, "%d colour components", components);
  }
}

ImageFileReader *image_file_open_jpeg(
    const uint8_t *bytes, size_t count, ImageFileLimits limits, ImageFileReport *report) {
  memset(report, 0, sizeof *report);
  JPEGReader *reader = calloc(1, sizeof *reader);
  if (!reader) {
    report_failure(report, IMAGE_FILE_OUT_OF_MEMORY, "the decoder could not be set up");
    return NULL;
  }
  reader->base = (ImageFileReader){
      .limits = limits, .reduce = reduce_jpeg, .read = read_jpeg,
      .read_rows = read_jpeg_rows, .close = close_jpeg};
  reader->jpeg.err = jpeg_std_error(&reader->errors);
  reader->jpeg.client_data = reader;
  reader->errors.error_exit = fail;
  reader->errors.emit_message = note_message;
  reader->errors.output_message = say_nothing;
  reader->progress.progress_monitor = limit_scans;
  reader->source = (struct jpeg_source_mgr){
      .next_input_byte = bytes,
      .bytes_in_buffer = count,
      .init_source = do_nothing,
      .fill_input_buffer = meet_end,
      .skip_input_data = skip_bytes,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = do_nothing,
  };
  read_header(reader);
  *report = reader->base.report;
  if (report->status == IMAGE_FILE_OK) return &reader->base;
  image_file_close(&reader->base);
  return NULL;
}
