#define BODY "pooling.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_max_pool(const kernel_pool *pool, long first, long last, const float *x, float *y) {
  DISPATCH(kernel_max_pool)(pool, first, last, x, y);
}

void kernel_max_pool_backward(const kernel_pool *pool, long first, long last, const float *x,
                              const float *dy, float *dx) {
  DISPATCH(kernel_max_pool_backward)(pool, first, last, x, dy, dx);
}

void kernel_average_pool(const kernel_pool *pool, long first, long last, const float *x,
                         float *y) {
  DISPATCH(kernel_average_pool)(pool, first, last, x, y);
}

void kernel_average_pool_backward(const kernel_pool *pool, long first, long last, const float *dy,
                                  float *dx) {
  DISPATCH(kernel_average_pool_backward)(pool, first, last, dy, dx);
}
