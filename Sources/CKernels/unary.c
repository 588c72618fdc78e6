#include <math.h>

#define BODY "unary.body.h"
#include "instantiate.h"

#include "dispatch.h"

#define UNARY(name)                                                                                \
  void name(long n, const float *x, float *y) { DISPATCH(name)(n, x, y); }
#define UNARY_BACKWARD(name)                                                                       \
  void name(long n, const float *kept, const float *gradient, float *y) {                          \
    DISPATCH(name)(n, kept, gradient, y);                                                          \
  }

UNARY(kernel_relu)
UNARY(kernel_sigmoid)
UNARY(kernel_tanh)
UNARY(kernel_exponential)
UNARY(kernel_logarithm)
UNARY(kernel_square_root)
UNARY(kernel_magnitude)
UNARY(kernel_gelu)
UNARY(kernel_gelu_tanh)

UNARY_BACKWARD(kernel_relu_backward)
UNARY_BACKWARD(kernel_sigmoid_backward)
UNARY_BACKWARD(kernel_tanh_backward)
UNARY_BACKWARD(kernel_square_root_backward)
UNARY_BACKWARD(kernel_magnitude_backward)
UNARY_BACKWARD(kernel_gelu_backward)
UNARY_BACKWARD(kernel_gelu_tanh_backward)

void kernel_clamp(long n, float low, float high, const float *x, float *y) {
  DISPATCH(kernel_clamp)(n, low, high, x, y);
}

void kernel_clamp_backward(long n, float low, float high, const float *x, const float *gradient,
                           float *y) {
  DISPATCH(kernel_clamp_backward)(n, low, high, x, gradient, y);
}
