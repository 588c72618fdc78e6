#define BODY "convolution.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_unfold(const kernel_window *window, long first, long last, const float *pictures,
                   float *patches) {
  DISPATCH(kernel_unfold)(window, first, last, pictures, patches);
}

void kernel_fold(const kernel_window *window, long first, long last, const float *patches,
                 float *pictures) {
  DISPATCH(kernel_fold)(window, first, last, patches, pictures);
}

void kernel_row_affine(long rows, long columns, const float *shift, const float *residual,
                       float low, float high, float *y) {
  DISPATCH(kernel_row_affine)(rows, columns, shift, residual, low, high, y);
}

void kernel_pass_between(long count, float low, float high, const float *x, const float *gradient,
                         float *y) {
  DISPATCH(kernel_pass_between)(count, low, high, x, gradient, y);
}

void kernel_pixel_taps(const kernel_window *window, long first, long last, const float *pictures,
                       const float *zeros, const float **taps) {
  DISPATCH(kernel_pixel_taps)(window, first, last, pictures, zeros, taps);
}

void kernel_padded_rows(const kernel_window *window, long first, long rows, long width,
                        const float *picture, float *padded) {
  DISPATCH(kernel_padded_rows)(window, first, rows, width, picture, padded);
}

void kernel_row_taps(const kernel_window *window, long rows, long width, const float *padded,
                     const float **taps) {
  DISPATCH(kernel_row_taps)(window, rows, width, padded, taps);
}

void kernel_pack_taps(const kernel_weights *weights, float *panel) {
  DISPATCH(kernel_pack_taps)(weights, panel);
}
