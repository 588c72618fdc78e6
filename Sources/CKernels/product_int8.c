#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "product_low.h"

#define BODY "product_int8.body.h"
#include "instantiate.h"

#if defined(__x86_64__)
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c"))),        \
    apply_to = function)
#define KERNEL(name) name##_native
#define LANES 16
#define NATIVE
#include BODY
#pragma clang attribute pop
#endif

void int8_convert(const kernel_product *p, long first_row, long last_row, void *converted) {
  DISPATCH_LOW(2, convert, p, first_row, last_row, converted);
}

void int8_multiply(const kernel_product *p, const kernel_low_weights *weights,
                   struct low_rows converted, long first_row, long last_row, long first_panel,
                   long last_panel) {
  DISPATCH_LOW(2, multiply, p, weights, converted, first_row, last_row, first_panel,
               last_panel);
}
