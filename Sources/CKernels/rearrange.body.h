#include "transpose.body.h"

// Bands as wide as a line of the cache; what does not fill a tile goes one by one.
static void KERNEL(kernel_transpose)(long rows, long columns, const float *x, long x_stride, float *y, long y_stride) {
  const long whole_rows = rows / LANES * LANES, whole_columns = columns / LANES * LANES;
  for (long i = 0; i < whole_rows; i += LANES) {
    for (long j = 0; j < whole_columns; j += LANES)
      KERNEL(transpose_tile)(x + j * x_stride + i, x_stride, y + i * y_stride + j, y_stride);
    for (long j = whole_columns; j < columns; j++)
      for (long l = i; l < i + LANES; l++) y[l * y_stride + j] = x[j * x_stride + l];
  }
  for (long i = whole_rows; i < rows; i++)
    for (long j = 0; j < columns; j++) y[i * y_stride + j] = x[j * x_stride + i];
}

// Sums of 256 rows are added up in turn: the error grows with the number of such chunks only.
static void KERNEL(kernel_column_sums)(long rows, long columns, const float *x, float *y) {
  enum { WIDTH = 64, CHUNK = 256 };
  for (long j0 = 0; j0 < columns; j0 += WIDTH) {
    long width = j0 + WIDTH < columns ? WIDTH : columns - j0;
    for (long j = 0; j < width; j++) y[j0 + j] = 0;
    for (long i0 = 0; i0 < rows; i0 += CHUNK) {
      long i1 = i0 + CHUNK < rows ? i0 + CHUNK : rows;
      float part[WIDTH] = {0};
      if (width == WIDTH) {
        for (long i = i0; i < i1; i++)
          for (long j = 0; j < WIDTH; j++) part[j] += x[i * columns + j0 + j];
      } else {
        for (long i = i0; i < i1; i++)
          for (long j = 0; j < width; j++) part[j] += x[i * columns + j0 + j];
      }
      for (long j = 0; j < width; j++) y[j0 + j] += part[j];
    }
  }
}
