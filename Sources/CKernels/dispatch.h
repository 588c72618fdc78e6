// The public kernel `name` calls the version for the processor at hand:
//   void kernel_relu(long n, const float *x, float *y) { DISPATCH(kernel_relu)(n, x, y); }
#ifndef DISPATCH_H
#define DISPATCH_H

#include "CKernels.h"

#if defined(__x86_64__)
#define DISPATCH(name)                                                                             \
  (kernel_level() == 2 ? name##_avx512 : kernel_level() == 1 ? name##_avx2 : name##_scalar)
#else
#define DISPATCH(name) name##_scalar
#endif

#endif
