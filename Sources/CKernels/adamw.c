#define BODY "adamw.body.h"
#include "instantiate.h"

#include "dispatch.h"

double kernel_sum_of_squares(long count, const float *x) { return DISPATCH(kernel_sum_of_squares)(count, x); }

void kernel_adamw(long count, const struct kernel_adamw_step *step, const float *gradient, float *first, float *second, float *value) {
  DISPATCH(kernel_adamw)(count, step, gradient, first, second, value);
}

void kernel_blend(long count, float weight, const float *x, float *y) { DISPATCH(kernel_blend)(count, weight, x, y); }
