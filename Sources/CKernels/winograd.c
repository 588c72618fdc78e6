#include <string.h>

#define BODY "winograd.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_winograd_weights(long side, const kernel_weights *weights, float *panel) {
  DISPATCH(kernel_winograd_weights)(side, weights, panel);
}

void kernel_winograd_input(long side, const kernel_window *window, long first, long last,
                           const float *pictures, const float *zeros, long plane,
                           float *transformed) {
  DISPATCH(kernel_winograd_input)(side, window, first, last, pictures, zeros, plane, transformed);
}

void kernel_winograd_output(long side, const kernel_window *window, long first, long last,
                            const float *products, long plane, long channel,
                            const kernel_product *result) {
  DISPATCH(kernel_winograd_output)(side, window, first, last, products, plane, channel, result);
}
