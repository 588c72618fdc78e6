#include "rows.body.h"

// The sum of two rows goes where the result will be, unless it is to be kept.
static void KERNEL(kernel_layer_norm)(long rows, long n, const float *x, const float *residual,
                                      const float *weight, const float *bias, float epsilon,
                                      float *restrict kept, float *restrict y,
                                      float *restrict means, float *restrict scales) {
  for (long r = 0; r < rows; r++, x += n, y += n) {
    const float *row = x;
    if (residual) {
      float *sum = kept ? kept + r * n : y;
      for (long i = 0; i < n; i++) sum[i] = x[i] + residual[i];
      residual += n;
      row = sum;
    }
    const float mean = (float)(KERNEL(row_sum)(n, row) / (double)n);
    float squares = 0;
    {
#pragma clang fp reassociate(on)
      for (long i = 0; i < n; i++) squares += (row[i] - mean) * (row[i] - mean);
    }
    const float scale = 1.0f / sqrtf(squares / (float)n + epsilon);
    if (row == y)
      for (long i = 0; i < n; i++) y[i] = (y[i] - mean) * scale * weight[i] + bias[i];
    else
      for (long i = 0; i < n; i++) y[i] = (row[i] - mean) * scale * weight[i] + bias[i];
    means[r] = mean;
    scales[r] = scale;
  }
}

// With h = (x - mean) * scale and p = gradient * weight:
// dx = scale * (p - mean(p) - h * mean(p * h)), d weight = sum(gradient * h) and
// d bias = sum(gradient).
static void KERNEL(kernel_layer_norm_backward)(long rows, long n, const float *x,
                                               const float *weight, const float *means,
                                               const float *scales, const float *gradient,
                                               float *restrict dx, float *restrict d_weight,
                                               float *restrict d_bias) {
  for (long i = 0; i < n; i++) d_weight[i] = d_bias[i] = 0;
  for (long r = 0; r < rows; r++, x += n, gradient += n, dx += n) {
    const float mean = means[r], scale = scales[r];
    float sum = 0, product = 0;
    {
#pragma clang fp reassociate(on)
      for (long i = 0; i < n; i++) {
        const float h = (x[i] - mean) * scale, p = gradient[i] * weight[i];
        sum += p;
        product += p * h;
        d_weight[i] += gradient[i] * h;
        d_bias[i] += gradient[i];
      }
    }
    sum /= (float)n;
    product /= (float)n;
    for (long i = 0; i < n; i++) {
      const float h = (x[i] - mean) * scale, p = gradient[i] * weight[i];
      dx[i] = scale * (p - sum - h * product);
    }
  }
}
