#include "functions.body.h"

// NaN passes through: every comparison is written so that NaN takes the branch that keeps x.
#define UNARY(name, expression)                                                                    \
  static void KERNEL(name)(long n, const float *in, float *restrict y) {                           \
    for (long i = 0; i < n; i++) {                                                                 \
      const float x = in[i];                                                                       \
      y[i] = expression;                                                                           \
    }                                                                                              \
  }

// `x` is what the forward pass kept: its input or its output; `g` the gradient of the output.
#define UNARY_BACKWARD(name, expression)                                                           \
  static void KERNEL(name)(long n, const float *kept, const float *gradient, float *restrict y) {  \
    for (long i = 0; i < n; i++) {                                                                 \
      const float x = kept[i], g = gradient[i];                                                    \
      y[i] = expression;                                                                           \
    }                                                                                              \
  }

UNARY(kernel_relu, x < 0 ? 0 : x)
UNARY(kernel_sigmoid, KERNEL(sigmoid)(x))
UNARY(kernel_tanh, KERNEL(hyperbolic_tangent)(x))
UNARY(kernel_exponential, KERNEL(exponential)(x))
UNARY(kernel_logarithm, KERNEL(logarithm)(x))
UNARY(kernel_square_root, sqrtf(x))
UNARY(kernel_magnitude, fabsf(x))
UNARY(kernel_gelu, 0.5f * x * (1.0f + KERNEL(error_function)(x * 0.70710678f)))
UNARY(kernel_gelu_tanh,
      0.5f * x * (1.0f + KERNEL(hyperbolic_tangent)(0.79788456f * (x + 0.044715f * x * x * x))))

UNARY_BACKWARD(kernel_relu_backward, x > 0 ? g : 0)
UNARY_BACKWARD(kernel_sigmoid_backward, g * x * (1.0f - x))
UNARY_BACKWARD(kernel_tanh_backward, g * (1.0f - x * x))
UNARY_BACKWARD(kernel_square_root_backward, 0.5f * g / x)
UNARY_BACKWARD(kernel_magnitude_backward, x > 0 ? g : x < 0 ? -g : 0)
// The distribution function and x times the density of the normal distribution.
UNARY_BACKWARD(kernel_gelu_backward,
               g *(0.5f * (1.0f + KERNEL(error_function)(x * 0.70710678f)) +
                   x * 0.39894228f * KERNEL(exponential)(-0.5f * x * x)))

static inline float KERNEL(gelu_tanh_derivative)(float x) {
  const float square = x * x;
  const float t = KERNEL(hyperbolic_tangent)(0.79788456f * (x + 0.044715f * square * x));
  return 0.5f * (1.0f + t) +
         0.5f * x * (1.0f - t * t) * 0.79788456f * (1.0f + 3.0f * 0.044715f * square);
}
UNARY_BACKWARD(kernel_gelu_tanh_backward, g *KERNEL(gelu_tanh_derivative)(x))
#undef UNARY
#undef UNARY_BACKWARD

static void KERNEL(kernel_clamp)(long n, float low, float high, const float *x, float *restrict y) {
  for (long i = 0; i < n; i++) y[i] = x[i] < low ? low : x[i] > high ? high : x[i];
}

static void KERNEL(kernel_clamp_backward)(long n, float low, float high, const float *x,
                                          const float *gradient, float *restrict y) {
  for (long i = 0; i < n; i++) y[i] = ((x[i] >= low) & (x[i] <= high)) ? gradient[i] : 0;
}
