#include "transpose.body.h"

// The products inside an attention, all in the first and second cache: right factors lie packed in
// rows that are whole registers, left factors are read with any strides. Included by a body.
typedef float KERNEL(floats) __attribute__((vector_size(LANES * 4), aligned(4)));
typedef int32_t KERNEL(ints) __attribute__((vector_size(LANES * 4)));
#define FLOATS KERNEL(floats)
#define INTS KERNEL(ints)

// Columns of a panel.
#define PANEL 64

// c[r, v] = sum over k of a[r * a_row + k * a_step] * b[k * b_step + v], added to c where `adding`.
static inline __attribute__((always_inline)) void
KERNEL(attention_tile)(const int rows, const int vectors, long inner, const float *a, long a_row,
                       long a_step, const float *b, long b_step, float *c, long c_row, int adding) {
  FLOATS sums[12][4];
#pragma unroll
  for (int r = 0; r < rows; r++)
#pragma unroll
    for (int v = 0; v < vectors; v++)
      sums[r][v] = adding ? *(const FLOATS *)(c + r * c_row + v * LANES) : (FLOATS){0};
  for (long k = 0; k < inner; k++, a += a_step, b += b_step) {
    FLOATS right[4];
#pragma unroll
    for (int v = 0; v < vectors; v++) right[v] = *(const FLOATS *)(b + v * LANES);
#pragma unroll
    for (int r = 0; r < rows; r++) {
      const FLOATS left = (FLOATS){0} + a[r * a_row];
#pragma unroll
      for (int v = 0; v < vectors; v++) sums[r][v] += left * right[v];
    }
  }
#pragma unroll
  for (int r = 0; r < rows; r++)
#pragma unroll
    for (int v = 0; v < vectors; v++) *(FLOATS *)(c + r * c_row + v * LANES) = sums[r][v];
}

#define ROWS(count, width)                                                                         \
  for (; r + count <= rows; r += count)                                                            \
    KERNEL(attention_tile)(count, width, inner, a + r * a_row, a_row, a_step, b + v * LANES,       \
                           b_step, c + r * c_row + v * LANES, c_row, adding);

// Any number of rows, columns in whole registers.
static __attribute__((noinline)) void KERNEL(attention_product)(long rows, long vectors, long inner,
                                                                const float *a, long a_row,
                                                                long a_step, const float *b,
                                                                long b_step, float *c, long c_row,
                                                                int adding) {
  long v = 0;
#if LANES == 16
  for (; v + 4 <= vectors; v += 4) {
    long r = 0;
    ROWS(6, 4) ROWS(2, 4) ROWS(1, 4)
  }
  for (; v + 2 <= vectors; v += 2) {
    long r = 0;
    ROWS(12, 2) ROWS(4, 2) ROWS(1, 2)
  }
  for (; v < vectors; v++) {
    long r = 0;
    ROWS(12, 1) ROWS(4, 1) ROWS(1, 1)
  }
#else
  for (; v + 2 <= vectors; v += 2) {
    long r = 0;
    ROWS(6, 2) ROWS(2, 2) ROWS(1, 2)
  }
  for (; v < vectors; v++) {
    long r = 0;
    ROWS(6, 1) ROWS(1, 1)
  }
#endif
}
#undef ROWS

// The rows of x transposed, in panels of 64 of them, `[rows / 64][width][64]`; the last panel has
// as many columns as whole registers need. Zeros stand beyond the last row and for invalid ones.
static inline void KERNEL(attention_panels)(long rows, long width, const float *x, long stride,
                                            const uint8_t *valid, float *panels) {
  const long whole = width / LANES * LANES;
  for (long first = 0; first < rows; first += PANEL) {
    const long count = rows - first < PANEL ? rows - first : PANEL, columns = widest(count);
    for (long j = 0; j < columns; j += LANES) {
      const float *from = x + (first + j) * stride;
      const long filled = count - j < LANES ? count - j : LANES;
      const long tiles = filled == LANES ? whole : 0;
      for (long c = 0; c < tiles; c += LANES)
        KERNEL(transpose_tile)(from + c, stride, panels + c * columns + j, columns);
      for (long c = tiles; c < width; c++)
        for (long l = 0; l < LANES; l++)
          panels[c * columns + j + l] = l < filled ? from[l * stride + c] : 0;
    }
    for (long j = 0; valid && j < count; j++)
      for (long c = 0; c < width && !valid[first + j]; c++) panels[c * columns + j] = 0;
    panels += width * columns;
  }
}

// y[i, j] = a[i, :] times row j of what `panels` holds; rows of y lie `y_row` floats apart.
static inline void KERNEL(attention_by_panels)(long rows, long count, long width, const float *a,
                                               long a_row, const float *panels, float *y,
                                               long y_row) {
  const long padded = widest(count);
  for (long first = 0; first < padded; first += PANEL) {
    const long columns = padded - first < PANEL ? padded - first : PANEL;
    KERNEL(attention_product)(rows, columns / LANES, width, a, a_row, 1, panels, columns, y + first,
                              y_row, 0);
    panels += width * columns;
  }
}

// Rows of x times a factor, filled up with zeros to whole registers.
static inline void KERNEL(attention_copy)(long rows, long width, const float *x, long stride,
                                          float factor, float *restrict y) {
  const long padded = widest(width);
  for (long i = 0; i < rows; i++, x += stride, y += padded) {
    for (long c = 0; c < width; c++) y[c] = x[c] * factor;
    for (long c = width; c < padded; c++) y[c] = 0;
  }
}

// The way back.
static inline void KERNEL(attention_spread)(long rows, long width, const float *x, float factor,
                                            float *restrict y, long stride) {
  const long padded = widest(width);
  for (long i = 0; i < rows; i++, x += padded, y += stride)
    for (long c = 0; c < width; c++) y[c] = x[c] * factor;
}
