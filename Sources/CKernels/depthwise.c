#define BODY "depthwise.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_depthwise(const kernel_window *window, long first, long last, const float *picture,
                      const float *weight, float *y) {
  DISPATCH(kernel_depthwise)(window, first, last, picture, weight, y);
}

void kernel_depthwise_input(const kernel_window *window, long first, long last, const float *dy,
                            const float *weight, float *picture) {
  DISPATCH(kernel_depthwise_input)(window, first, last, dy, weight, picture);
}

void kernel_depthwise_weight(const kernel_window *window, long first, long last,
                             const float *picture, const float *dy, float *weight) {
  DISPATCH(kernel_depthwise_weight)(window, first, last, picture, dy, weight);
}
