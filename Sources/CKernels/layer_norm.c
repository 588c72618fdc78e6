#include <math.h>

#define BODY "layer_norm.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_layer_norm(long rows, long n, const float *x, const float *residual,
                       const float *weight, const float *bias, float epsilon, float *kept, float *y,
                       float *means, float *scales) {
  DISPATCH(kernel_layer_norm)
  (rows, n, x, residual, weight, bias, epsilon, kept, y, means, scales);
}

void kernel_layer_norm_backward(long rows, long n, const float *x, const float *weight,
                                const float *means, const float *scales, const float *gradient,
                                float *dx, float *d_weight, float *d_bias) {
  DISPATCH(kernel_layer_norm_backward)
  (rows, n, x, weight, means, scales, gradient, dx, d_weight, d_bias);
}
