#define BODY "convolution.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_unfold(const kernel_window *window, const float *picture, float *patches) {
  DISPATCH(kernel_unfold)(window, picture, patches);
}

void kernel_fold(const kernel_window *window, const float *patches, float *picture) {
  DISPATCH(kernel_fold)(window, patches, picture);
}

void kernel_channel_affine(long channels, long columns, long stride, const float *scale,
                           const float *shift, const float *residual, float low, float high,
                           float *y) {
  DISPATCH(kernel_channel_affine)(channels, columns, stride, scale, shift, residual, low, high, y);
}

void kernel_pass_between(long count, float low, float high, const float *x, const float *gradient,
                         float *y) {
  DISPATCH(kernel_pass_between)(count, low, high, x, gradient, y);
}
