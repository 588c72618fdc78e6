#include "functions.body.h"
#include "rows.body.h"

static void KERNEL(kernel_softmax_rows)(long rows, long n, const float *x, float *restrict y,
                                        float *restrict log_sums) {
  for (long r = 0; r < rows; r++, x += n, y += n) {
    const float most = KERNEL(row_maximum)(n, x);
    float sum = 0;
    {
#pragma clang fp reassociate(on)
      for (long i = 0; i < n; i++) {
        const float e = KERNEL(exponential)(x[i] - most);
        y[i] = e;
        sum += e;
      }
    }
    const float share = 1.0f / sum;
    for (long i = 0; i < n; i++) y[i] *= share;
    if (log_sums) log_sums[r] = most + KERNEL(logarithm)(sum);
  }
}

static void KERNEL(kernel_softmax_rows_backward)(long rows, long n, const float *y,
                                                 const float *gradient, float *restrict dx) {
  for (long r = 0; r < rows; r++, y += n, gradient += n, dx += n) {
    float sum = 0;
    {
#pragma clang fp reassociate(on)
      for (long i = 0; i < n; i++) sum += y[i] * gradient[i];
    }
    for (long i = 0; i < n; i++) dx[i] = y[i] * (gradient[i] - sum);
  }
}

static void KERNEL(kernel_log_softmax_rows)(long rows, long n, const float *x, float *restrict y) {
  for (long r = 0; r < rows; r++, x += n, y += n) {
    const float most = KERNEL(row_maximum)(n, x);
    float sum = 0;
    {
#pragma clang fp reassociate(on)
      for (long i = 0; i < n; i++) sum += KERNEL(exponential)(x[i] - most);
    }
    const float rest = KERNEL(logarithm)(sum);
    for (long i = 0; i < n; i++) y[i] = (x[i] - most) - rest;
  }
}

static void KERNEL(kernel_log_softmax_rows_backward)(long rows, long n, const float *y,
                                                     const float *gradient, float *restrict dx) {
  for (long r = 0; r < rows; r++, y += n, gradient += n, dx += n) {
    const float sum = (float)KERNEL(row_sum)(n, gradient);
    for (long i = 0; i < n; i++) dx[i] = gradient[i] - KERNEL(exponential)(y[i]) * sum;
  }
}
