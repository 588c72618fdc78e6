// Compiles the products of one kind of weights in low precision, once for each instruction set and
// once for the processor's own instructions for it. Whoever includes this defines KIND, its BODY,
// TARGET, which enables those instructions, and INSTRUCTIONS, their bit of kernel_dot_products.
#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "product_low.h"

#include "instantiate.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#define KERNEL(name) name##_native
#define LANES 16
#define NATIVE
#include BODY
#pragma clang attribute pop
#endif

// Two steps, so that the kind's name is in place before it is joined.
#define JOINED(kind, name) kind##_##name
#define OF_KIND(kind, name) JOINED(kind, name)

void OF_KIND(KIND, convert)(const kernel_product *p, long first_row, long last_row,
                            void *converted) {
  DISPATCH_LOW(INSTRUCTIONS, convert, p, first_row, last_row, converted);
}

void OF_KIND(KIND, multiply)(const kernel_product *p, const kernel_low_weights *weights,
                             struct low_rows converted, long first_row, long last_row,
                             long first_panel, long last_panel) {
  DISPATCH_LOW(INSTRUCTIONS, multiply, p, weights, converted, first_row, last_row, first_panel,
               last_panel);
}
