// Blocks that fit the first-level cache, so that neither side is walked across cache lines alone.
static void KERNEL(kernel_transpose)(long rows, long columns, const float *x, long x_stride, float *y, long y_stride) {
  enum { EDGE = 16 };
  for (long i0 = 0; i0 < rows; i0 += EDGE) {
    long i1 = i0 + EDGE < rows ? i0 + EDGE : rows;
    for (long j0 = 0; j0 < columns; j0 += EDGE) {
      long j1 = j0 + EDGE < columns ? j0 + EDGE : columns;
      for (long i = i0; i < i1; i++)
        for (long j = j0; j < j1; j++) y[i * y_stride + j] = x[j * x_stride + i];
    }
  }
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
