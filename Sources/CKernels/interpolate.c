#define BODY "interpolate.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_interpolate(const kernel_taps *rows, const kernel_taps *columns, long width,
                        long channels, long first, long last, const float *x, float *y) {
  DISPATCH(kernel_interpolate)(rows, columns, width, channels, first, last, x, y);
}

void kernel_interpolate_backward(const kernel_taps *rows, const kernel_taps *columns, long width,
                                 long channels, long first, long last, const float *dy, float *dx) {
  DISPATCH(kernel_interpolate_backward)(rows, columns, width, channels, first, last, dy, dx);
}
