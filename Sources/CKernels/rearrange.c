#define BODY "rearrange.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_transpose(long rows, long columns, const float *x, long x_stride, float *y, long y_stride) {
  DISPATCH(kernel_transpose)(rows, columns, x, x_stride, y, y_stride);
}

void kernel_column_sums(long rows, long columns, const float *x, float *y) {
  DISPATCH(kernel_column_sums)(rows, columns, x, y);
}
