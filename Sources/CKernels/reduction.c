#define BODY "reduction.body.h"
#include "instantiate.h"

#include "dispatch.h"

#define FOLD(name)                                                                                 \
  void name(long rows, long n, const float *x, float *y) { DISPATCH(name)(rows, n, x, y); }

FOLD(kernel_sum_rows)
FOLD(kernel_sum_columns)
FOLD(kernel_maximum_rows)
FOLD(kernel_maximum_columns)

void kernel_argmax_rows(long rows, long n, const float *x, long *y) {
  DISPATCH(kernel_argmax_rows)(rows, n, x, y);
}
