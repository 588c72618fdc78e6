#include "rows.body.h"

static void KERNEL(kernel_sum_rows)(long rows, long n, const float *x, float *restrict y) {
  for (long r = 0; r < rows; r++) y[r] = (float)KERNEL(row_sum)(n, x + r * n);
}

// Four rows at a time: a quarter of the traffic on y.
static void KERNEL(kernel_sum_columns)(long rows, long n, const float *x, float *restrict y) {
  for (long i = 0; i < n; i++) y[i] = 0;
  long r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * n) {
    for (long i = 0; i < n; i++) y[i] += (x[i] + x[n + i]) + (x[2 * n + i] + x[3 * n + i]);
  }
  for (; r < rows; r++, x += n) {
    for (long i = 0; i < n; i++) y[i] += x[i];
  }
}

static void KERNEL(kernel_maximum_rows)(long rows, long n, const float *x, float *restrict y) {
  for (long r = 0; r < rows; r++) y[r] = KERNEL(row_maximum)(n, x + r * n);
}

static void KERNEL(kernel_maximum_columns)(long rows, long n, const float *x, float *restrict y) {
  for (long i = 0; i < n; i++) y[i] = x[i];
  for (long r = 1; r < rows; r++) {
    x += n;
    for (long i = 0; i < n; i++) y[i] = (x[i] > y[i] || x[i] != x[i]) ? x[i] : y[i];
  }
}

static void KERNEL(kernel_argmax_rows)(long rows, long n, const float *x, long *restrict y) {
  for (long r = 0; r < rows; r++, x += n) {
    const float most = KERNEL(row_maximum)(n, x);
    long i = 0;
    if (most == most) {
      while (x[i] != most) i++;
    } else {
      while (x[i] == x[i]) i++;
    }
    y[r] = i;
  }
}
