#define BODY "accumulate.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_accumulate(long count, const float *x, float *y) { DISPATCH(kernel_accumulate)(count, x, y); }
