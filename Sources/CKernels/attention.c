#include <math.h>
#include <string.h>

#include "CKernels.h"

// Columns filled up to whole registers of any instruction set.
static inline long widest(long columns) { return (columns + 15) / 16 * 16; }

// Queries of one block: whole tiles, whose scores stay in the first cache, or in the second one for
// the backward pass.
static inline long attention_block(const kernel_attention *a, int backward) {
  const long most = (backward ? 32768 : 8192) / (a->keys > 0 ? widest(a->keys) : 1) / 12 * 12;
  const long block = most < 12 ? 12 : most;
  return a->queries < block ? a->queries : block;
}

long kernel_attention_scratch(const kernel_attention *a, int backward) {
  const long keys = widest(a->keys), width = widest(a->width), value_width = widest(a->value_width);
  const long block = attention_block(a, backward);
  const long forward = keys * (width + value_width + 1) + block * (width + keys + value_width);
  return backward ? forward + keys * (2 * width + value_width) + block * (keys + width) : forward;
}

#define BODY "attention.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_attention_forward(const kernel_attention *a, float *scratch) {
  DISPATCH(kernel_attention_forward)(a, scratch);
}

void kernel_attention_weights(const kernel_attention *a, float *scratch, float *weights) {
  DISPATCH(kernel_attention_weights)(a, scratch, weights);
}

void kernel_attention_backward(const kernel_attention *a,
                               const kernel_attention_gradients *gradients, float *scratch) {
  DISPATCH(kernel_attention_backward)(a, gradients, scratch);
}
