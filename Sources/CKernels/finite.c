#include <math.h>
#include <string.h>

#define BODY "finite.body.h"
#include "instantiate.h"

#include "dispatch.h"

long kernel_first_not_finite(long n, const float *x) {
  return DISPATCH(kernel_first_not_finite)(n, x);
}
