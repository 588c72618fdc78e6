#include <math.h>

#define BODY "softmax.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_softmax_rows(long rows, long n, const float *x, float *y, float *log_sums) {
  DISPATCH(kernel_softmax_rows)(rows, n, x, y, log_sums);
}

void kernel_softmax_rows_backward(long rows, long n, const float *y, const float *gradient,
                                  float *dx) {
  DISPATCH(kernel_softmax_rows_backward)(rows, n, y, gradient, dx);
}

void kernel_log_softmax_rows(long rows, long n, const float *x, float *y) {
  DISPATCH(kernel_log_softmax_rows)(rows, n, x, y);
}

void kernel_log_softmax_rows_backward(long rows, long n, const float *y, const float *gradient,
                                      float *dx) {
  DISPATCH(kernel_log_softmax_rows_backward)(rows, n, y, gradient, dx);
}
