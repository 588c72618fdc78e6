#define BODY "dropout.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_dropout(long n, long first, uint64_t key, uint32_t threshold, float scale,
                    const float *x, float *y) {
  DISPATCH(kernel_dropout)(n, first, key, threshold, scale, x, y);
}
