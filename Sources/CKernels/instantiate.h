// Compiles the file named by BODY once per instruction set. Inside a body, KERNEL(name) is the
// function's name with the suffix of the set, and LANES the number of floats in a register.
// A body holds plain loops that the compiler vectorises, or Clang vector types of LANES floats.
#include "CKernels.h"

#pragma clang fp contract(fast)

#define KERNEL(name) name##_scalar
#define LANES 4
#include BODY
#undef KERNEL
#undef LANES

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define KERNEL(name) name##_avx2
#define LANES 8
#include BODY
#undef KERNEL
#undef LANES
#pragma clang attribute pop

#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), apply_to = function)
#define KERNEL(name) name##_avx512
#define LANES 16
#include BODY
#undef KERNEL
#undef LANES
#pragma clang attribute pop
#endif
