#include <math.h>

#define BODY "attention.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_attention_weights(long rows, long columns, float scale, const float *mask, long mask_stride,
                              const uint8_t *valid, float *scores, float *largest, float *inverse) {
  DISPATCH(kernel_attention_weights)(rows, columns, scale, mask, mask_stride, valid, scores, largest, inverse);
}

void kernel_attention_recall(long rows, long columns, float scale, const float *mask, long mask_stride,
                             const uint8_t *valid, float *scores, const float *largest, const float *inverse) {
  DISPATCH(kernel_attention_recall)(rows, columns, scale, mask, mask_stride, valid, scores, largest, inverse);
}

void kernel_attention_dropout(long count, uint64_t key, uint64_t position, float rate, float *weights) {
  DISPATCH(kernel_attention_dropout)(count, key, position, rate, weights);
}

void kernel_attention_gradient(long rows, long columns, uint64_t key, uint64_t position, float rate,
                               const float *totals, float *weights, float *gradient) {
  DISPATCH(kernel_attention_gradient)(rows, columns, key, position, rate, totals, weights, gradient);
}

void kernel_row_dots(long rows, long columns, const float *x, const float *y, long stride, float *dots) {
  DISPATCH(kernel_row_dots)(rows, columns, x, y, stride, dots);
}
