#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "CKernels.h"

typedef uint8_t Byte16Lanes __attribute__((vector_size(16)));
typedef int32_t Int4Lanes __attribute__((vector_size(16)));
typedef int32_t Int8Lanes __attribute__((vector_size(32)));
typedef int32_t Int16Lanes __attribute__((vector_size(64)));

// Sums are scaled by 2^22 (see resampling_weights.c); half a unit is added before the shift.
#define HALF (1 << 21)

static inline uint8_t rounded_byte(int32_t sum) {
  int32_t value = sum >> 22;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

// A macro, because a function of this file could not be inlined into one for a wider processor.
#define rounded_bytes(sum)                                                                         \
  __builtin_convertvector(                                                                         \
      __builtin_elementwise_min(__builtin_elementwise_max((sum) >> 22, (Int16Lanes){0}),           \
                                (Int16Lanes){0} + 255),                                            \
      Byte16Lanes)

#define BODY "resampling.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_resample_across(
    long out, long taps, const int32_t *starts, const int32_t *weights, long rows,
    const uint8_t *row, long row_bytes, uint8_t *result) {
  DISPATCH(kernel_resample_across)(out, taps, starts, weights, rows, row, row_bytes, result);
}

void kernel_resample_down(
    long row_bytes, long taps, const int32_t *weights, const uint8_t *first_row, uint8_t *result) {
  DISPATCH(kernel_resample_down)(row_bytes, taps, weights, first_row, result);
}

void kernel_normalize_pixels(
    long count, const uint8_t *pixels, const float *tables, float *planes, long stride) {
  DISPATCH(kernel_normalize_pixels)(count, pixels, tables, planes, stride);
}
