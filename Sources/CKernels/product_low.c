#include "product_low.h"

#include <math.h>

long kernel_low_panel_bytes(int element_bytes, long inner, long columns) {
  const long group = element_bytes == 2 ? 2 : 4;
  return (columns + 63) / 64 * ((inner + group - 1) / group) * 256;
}

static void pack_bf16(long inner, long columns, const float *b, long inner_stride,
                      long column_stride, const float *column_scale, uint16_t *panels) {
  const long pairs = (inner + 1) / 2;
  memset(panels, 0, (unsigned long)kernel_low_panel_bytes(2, inner, columns));
  for (long j = 0; j < columns; j++) {
    uint16_t *target = panels + j / 64 * pairs * 128 + j % 64 * 2;
    const float scale = column_scale ? column_scale[j] : 1;
    for (long k = 0; k < inner; k++)
      target[k / 2 * 128 + k % 2] = bf16_nearest(b[k * inner_stride + j * column_stride] * scale);
  }
}

// A step of 16 significant bits, at least `most` / 127: whole numbers times it are exact floats, so
// that packing what was packed before gives the same numbers and the same step.
static float step_for(float most) {
  float step = most / 127;
  if (!(step < INFINITY)) return step;
  uint32_t bits;
  memcpy(&bits, &step, 4);
  bits = (bits + 0xFF) & ~0xFFu;
  memcpy(&step, &bits, 4);
  return step;
}

static void pack_int8(long inner, long columns, const float *b, long inner_stride,
                      long column_stride, const float *column_scale, int8_t *panels, float *scales,
                      float *sums) {
  const long fours = (inner + 3) / 4;
  memset(panels, 0, (unsigned long)kernel_low_panel_bytes(1, inner, columns));
  for (long j = 0; j < (columns + 63) / 64 * 64; j++) scales[j] = sums[j] = 0;
  for (long j = 0; j < columns; j++) {
    const float *column = b + j * column_stride;
    int8_t *target = panels + j / 64 * fours * 256 + j % 64 * 4;
    float most = 0;
    for (long k = 0; k < inner; k++) {
      const float magnitude = fabsf(column[k * inner_stride]);
      most = magnitude > most || magnitude != magnitude ? magnitude : most;
    }
    const float step = step_for(most), factor = step > 1e-36f && step < INFINITY ? 1 / step : 0;
    long total = 0;
    for (long k = 0; factor > 0 && k < inner; k++) {
      const int whole = (int)lrintf(column[k * inner_stride] * factor);
      target[k / 4 * 256 + k % 4] = (int8_t)whole;
      total += whole;
    }
    scales[j] = step * (column_scale ? column_scale[j] : 1);
    sums[j] = (float)total;
  }
}

void kernel_low_pack(int element_bytes, long inner, long columns, const float *b, long inner_stride,
                     long column_stride, const float *column_scale, void *panels, float *scales,
                     float *sums) {
  if (element_bytes == 2)
    pack_bf16(inner, columns, b, inner_stride, column_stride, column_scale, panels);
  else
    pack_int8(inner, columns, b, inner_stride, column_stride, column_scale, panels, scales, sums);
}

long kernel_low_row_bytes(int element_bytes, long inner) {
  return low_row_bytes(inner, element_bytes);
}

void kernel_low_convert(const kernel_product *p, int element_bytes, long first_row, long last_row,
                        void *converted) {
  (element_bytes == 2 ? bf16_convert : int8_convert)(p, first_row, last_row, converted);
}

int kernel_low_is_converted(const kernel_product *p, int element_bytes) {
  return element_bytes == 2 && (p->rounded & KERNEL_ROUNDED_LEFT) && !p->taps && p->inner % 2 == 0;
}

void kernel_low_multiply(const kernel_product *p, const kernel_low_weights *weights,
                         const void *converted, long first_row, long last_row, long first_panel,
                         long last_panel) {
  const int bytes = weights->element_bytes;
  struct low_rows rows = {converted, low_row_bytes(p->inner * p->segments, bytes)};
  if (kernel_low_is_converted(p, bytes)) {
    // There is no head before such rows, nor does anybody read it.
    rows.stride = p->x_stride * 2;
    rows.first = (const char *)p->x + first_row * rows.stride - sizeof(struct row_head);
  }
  (bytes == 2 ? bf16_multiply : int8_multiply)(p, weights, rows, first_row, last_row, first_panel,
                                               last_panel);
}

// Rows that are converted at a time: what lies in a part of the second cache, whole tiles.
static long block_rows(long inner) {
  const long rows = (384 << 10) / low_row_bytes(inner, 2) / 6 * 6;
  return rows < 6 ? 6 : rows > 192 ? 192 : rows;
}

long kernel_low_scratch(long inner) { return block_rows(inner) * low_row_bytes(inner, 2); }

void kernel_low_run(const kernel_product *p, const kernel_low_weights *weights, long first_row,
                    long last_row, long first_panel, long last_panel, void *scratch) {
  const long most = block_rows(p->inner * p->segments), count = last_row - first_row;
  // Even blocks: a few rows that are left over would read all panels once more.
  const long blocks = (count + most - 1) / most;
  const long block = blocks > 1 ? ((count + blocks - 1) / blocks + 5) / 6 * 6 : most;
  for (long row = first_row; row < last_row; row += block) {
    const long end = row + block < last_row ? row + block : last_row;
    if (!kernel_low_is_converted(p, weights->element_bytes))
      kernel_low_convert(p, weights->element_bytes, row, end, scratch);
    kernel_low_multiply(p, weights, scratch, row, end, first_panel, last_panel);
  }
}

void kernel_round(long count, const float *x, uint16_t *y) {
  for (long i = 0; i < count; i++) y[i] = bf16_nearest(x[i]);
}

void kernel_widen(long count, const uint16_t *x, float *y) {
  for (long i = 0; i < count; i++) y[i] = bf16_widened(x[i]);
}
