#include <math.h>

#define BODY "loss.body.h"
#include "instantiate.h"

#include "dispatch.h"

double kernel_absolute_difference(long n, const float *a, const float *b) {
  return DISPATCH(kernel_absolute_difference)(n, a, b);
}

void kernel_absolute_difference_backward(long n, const float *a, const float *b, float scale,
                                         float *da) {
  DISPATCH(kernel_absolute_difference_backward)(n, a, b, scale, da);
}

double kernel_logistic_loss(long n, const float *x, const float *targets) {
  return DISPATCH(kernel_logistic_loss)(n, x, targets);
}

void kernel_logistic_loss_backward(long n, const float *x, const float *targets, float scale,
                                   float *dx) {
  DISPATCH(kernel_logistic_loss_backward)(n, x, targets, scale, dx);
}
