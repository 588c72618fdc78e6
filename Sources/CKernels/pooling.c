#define BODY "pooling.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_max_pool(const kernel_pool *pool, const float *x, float *y) {
  DISPATCH(kernel_max_pool)(pool, x, y);
}

void kernel_max_pool_backward(const kernel_pool *pool, const float *x, const float *dy, float *dx) {
  DISPATCH(kernel_max_pool_backward)(pool, x, dy, dx);
}

void kernel_average_pool(const kernel_pool *pool, const float *x, float *y) {
  DISPATCH(kernel_average_pool)(pool, x, y);
}

void kernel_average_pool_backward(const kernel_pool *pool, const float *dy, float *dx) {
  DISPATCH(kernel_average_pool_backward)(pool, dy, dx);
}
