// What the products in low precision share: the layout of converted rows.
#ifndef PRODUCT_LOW_H
#define PRODUCT_LOW_H

#include <string.h>

#include "dispatch.h"

/// What stands before the elements of a converted row; an element means least + step * element.
struct row_head {
  float least, step;
  float padding[14];
};

/// Bytes between converted rows: whole cache lines, and an odd number of them where rows of a round
/// size would fall into the same sets of the cache.
static inline long low_row_bytes(long inner, long element) {
  const long lines = (inner * element + 63) / 64 + 1;
  return (lines + (lines % 2 == 0)) * 64;
}

// To the nearest, ties to even; NaN stays NaN.
static inline uint16_t bf16_nearest(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  const uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
  return (uint16_t)(x != x ? bits >> 16 | 0x40 : rounded);
}

static inline float bf16_widened(uint16_t x) {
  const uint32_t bits = (uint32_t)x << 16;
  float wide;
  memcpy(&wide, &bits, 4);
  return wide;
}

/// Converted rows: the first one's head, and the bytes from one to the next.
struct low_rows {
  const char *first;
  long stride;
};

/// The two kinds of weights of kernel_low_convert and kernel_low_multiply.
void bf16_convert(const kernel_product *p, long first_row, long last_row, void *converted);
void bf16_multiply(const kernel_product *p, const kernel_low_weights *weights,
                   struct low_rows converted, long first_row, long last_row, long first_panel,
                   long last_panel);
void int8_convert(const kernel_product *p, long first_row, long last_row, void *converted);
void int8_multiply(const kernel_product *p, const kernel_low_weights *weights,
                   struct low_rows converted, long first_row, long last_row, long first_panel,
                   long last_panel);

/// Calls the version with the processor's own instructions for low precision (see
/// kernel_dot_products) where it has them.
#if defined(__x86_64__)
#define DISPATCH_LOW(instructions, name, ...)                                                      \
  if (kernel_dot_products() & (instructions))                                                      \
    name##_native(__VA_ARGS__);                                                                    \
  else                                                                                             \
    DISPATCH(name)(__VA_ARGS__)
#else
#define DISPATCH_LOW(instructions, name, ...) DISPATCH(name)(__VA_ARGS__)
#endif

#endif
