// The last step of a product: a tile of sums becomes a part of the result. Included by bodies.
#include "functions.body.h"

static inline float KERNEL(activated)(const int activation, float x) {
  switch (activation) {
    case KERNEL_RELU: return x < 0 ? 0 : x;
    case KERNEL_RELU6: return x < 0 ? 0 : x > 6 ? 6 : x;
    case KERNEL_GELU: return 0.5f * x * (1.0f + KERNEL(error_function)(x * 0.70710678f));
    case KERNEL_GELU_TANH:
      return 0.5f * x *
             (1.0f + KERNEL(hyperbolic_tangent)(0.79788456f * (x + 0.044715f * x * x * x)));
    case KERNEL_SILU: return x * KERNEL(sigmoid)(x);
    default: return x;
  }
}

static inline __attribute__((always_inline)) void KERNEL(finish_rows)(
    const kernel_product *p, const int activation, long row, int rows, long column,
    const long columns, const float *tile) {
  for (int r = 0; r < rows; r++) {
    const float *sums = tile + r * 64;
    float *y = p->y + (row + r) * p->y_stride + column;
    const float *shift = p->shift ? p->shift + column : NULL;
    const float *residual =
        p->residual ? p->residual + (row + r) * p->residual_stride + column : NULL;
    // The residual may be the result itself: what is read is written only afterwards.
#define EACH _Pragma("clang loop vectorize(assume_safety)") for (long c = 0; c < columns; c++)
    if (shift && residual)
      EACH y[c] = KERNEL(activated)(activation, sums[c] + shift[c] + residual[c]);
    else if (shift)
      EACH y[c] = KERNEL(activated)(activation, sums[c] + shift[c]);
    else if (residual)
      EACH y[c] = KERNEL(activated)(activation, sums[c] + residual[c]);
    else
      EACH y[c] = KERNEL(activated)(activation, sums[c]);
#undef EACH
  }
}

// A result or a residual of bfloat16.
static inline __attribute__((always_inline)) void KERNEL(finish_rounded)(
    const kernel_product *p, long row, int rows, long column, const long columns,
    const int rounded, const float *tile) {
  static const float nothing[64];
  const float low = p->activation == KERNEL_NONE ? -__builtin_inff() : 0;
  const float high = p->activation == KERNEL_RELU6 ? 6 : __builtin_inff();
  const float *shift = p->shift ? p->shift + column : nothing;
  for (int r = 0; r < rows; r++) {
    const float *sums = tile + r * 64;
    const long place = (row + r) * p->residual_stride + column;
    const void *residual = nothing;
    if (p->residual)
      residual = p->rounded & KERNEL_ROUNDED_RESIDUAL
                     ? (const void *)((const uint16_t *)p->residual + place)
                     : p->residual + place;
    float wide[64];
    if (p->rounded & KERNEL_ROUNDED_RESIDUAL)
      for (long c = 0; c < columns; c++) wide[c] = bf16_widened(((const uint16_t *)residual)[c]);
    else
      for (long c = 0; c < columns; c++) wide[c] = ((const float *)residual)[c];
    for (long c = 0; c < columns; c++) {
      const float sum = sums[c] + shift[c] + wide[c];
      const float bounded = sum < low ? low : sum;
      wide[c] = bounded > high ? high : bounded;
    }
    const long target = (row + r) * p->y_stride + column;
    if (rounded)
      for (long c = 0; c < columns; c++) ((uint16_t *)p->y)[target + c] = bf16_nearest(wide[c]);
    else
      for (long c = 0; c < columns; c++) p->y[target + c] = wide[c];
  }
}

// One call a case, so that each loop knows its activation, and most of them their length.
#define FINISH(activation)                                                        \
  if (columns == 64)                                                              \
    KERNEL(finish_rows)(p, activation, row, rows, column, 64, tile);              \
  else                                                                            \
    KERNEL(finish_rows)(p, activation, row, rows, column, columns, tile);         \
  return

static void KERNEL(finish_tile)(const kernel_product *p, long row, int rows, long column,
                                const float *tile) {
  const long columns = p->columns - column < 64 ? p->columns - column : 64;
  if (p->rounded & (KERNEL_ROUNDED_RESIDUAL | KERNEL_ROUNDED_RESULT)) {
    if (columns == 64 && p->rounded & KERNEL_ROUNDED_RESULT)
      KERNEL(finish_rounded)(p, row, rows, column, 64, 1, tile);
    else
      KERNEL(finish_rounded)
      (p, row, rows, column, columns, p->rounded & KERNEL_ROUNDED_RESULT, tile);
    return;
  }
  switch (p->activation) {
    case KERNEL_RELU: FINISH(KERNEL_RELU);
    case KERNEL_RELU6: FINISH(KERNEL_RELU6);
    case KERNEL_GELU: FINISH(KERNEL_GELU);
    case KERNEL_GELU_TANH: FINISH(KERNEL_GELU_TANH);
    case KERNEL_SILU: FINISH(KERNEL_SILU);
    default: FINISH(KERNEL_NONE);
  }
}
#undef FINISH
