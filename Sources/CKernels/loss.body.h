#include "functions.body.h"

static double KERNEL(kernel_absolute_difference)(long n, const float *a, const float *b) {
  double total = 0;
  for (long start = 0; start < n; start += 1024) {
#pragma clang fp reassociate(on)
    const long end = start + 1024 < n ? start + 1024 : n;
    float block = 0;
    for (long i = start; i < end; i++) block += fabsf(a[i] - b[i]);
    total += block;
  }
  return total;
}

static void KERNEL(kernel_absolute_difference_backward)(long n, const float *a, const float *b,
                                                        float scale, float *restrict da) {
  for (long i = 0; i < n; i++) {
    da[i] = a[i] > b[i] ? scale : a[i] < b[i] ? -scale : (a[i] - b[i]) * scale;
  }
}

static double KERNEL(kernel_logistic_loss)(long n, const float *x, const float *targets) {
  double total = 0;
  for (long start = 0; start < n; start += 1024) {
#pragma clang fp reassociate(on)
    const long end = start + 1024 < n ? start + 1024 : n;
    float block = 0;
    for (long i = start; i < end; i++) {
      const float positive = x[i] < 0 ? 0 : x[i];
      const float rest = KERNEL(logarithm_plus_one)(KERNEL(exponential)(-fabsf(x[i])));
      block += (positive - x[i] * targets[i]) + rest;
    }
    total += block;
  }
  return total;
}

static void KERNEL(kernel_logistic_loss_backward)(long n, const float *x, const float *targets,
                                                  float scale, float *restrict dx) {
  for (long i = 0; i < n; i++) dx[i] = (KERNEL(sigmoid)(x[i]) - targets[i]) * scale;
}
