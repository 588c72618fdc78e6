#define BODY "binary.body.h"
#include "instantiate.h"

#include "dispatch.h"

#define BINARY(name)                                                                               \
  void name(long rows, long n, const float *a, long a_row, long a_step, const float *b,            \
            long b_row, long b_step, float *y) {                                                   \
    DISPATCH(name)(rows, n, a, a_row, a_step, b, b_row, b_step, y);                                \
  }

BINARY(kernel_add)
BINARY(kernel_subtract)
BINARY(kernel_multiply)
BINARY(kernel_divide)
BINARY(kernel_maximum)
BINARY(kernel_minimum)
BINARY(kernel_share_greater)
BINARY(kernel_share_smaller)
BINARY(kernel_equal)
