#include <math.h>
#include <string.h>

#include "CKernels.h"

// Columns filled up to whole registers of any instruction set.
static inline long widest(long columns) { return (columns + 15) / 16 * 16; }

// Keys whose scores are made at a time: whole panels.
enum { ATTENTION_CHUNK = 128 };

// Queries of one block of the forward pass: equal blocks of whole tiles, whose scores for a chunk of
// keys stay in the first cache.
static inline long attention_rows(const kernel_attention *a) {
  const long blocks = (a->queries + 47) / 48;
  return blocks == 0 ? 0 : ((a->queries + blocks - 1) / blocks + 5) / 6 * 6;
}

// At least as many, and not fewer for more queries: one piece's scratch serves shorter ones.
static inline long attention_most_rows(const kernel_attention *a) {
  return a->queries < 48 ? (a->queries + 5) / 6 * 6 : 48;
}

// Queries of one block of the other passes: whole tiles, whose scores for all keys stay in the second
// cache.
static inline long attention_block(const kernel_attention *a) {
  const long most = 32768 / (a->keys > 0 ? widest(a->keys) : 1) / 12 * 12;
  const long block = most < 12 ? 12 : most;
  return a->queries < block ? a->queries : block;
}

long kernel_attention_packed(const kernel_attention *a) {
  return widest(a->keys) * a->width + a->keys * widest(a->value_width);
}

long kernel_attention_scratch(const kernel_attention *a, int pass) {
  const long keys = widest(a->keys), width = widest(a->width), value_width = widest(a->value_width);
  if (pass == KERNEL_ATTENTION_FORWARD) {
    const long rows = attention_most_rows(a);
    return ATTENTION_CHUNK + a->samples * kernel_attention_packed(a) +
           rows * (17 + width + value_width + ATTENTION_CHUNK) + 16;
  }
  const long block = attention_block(a);
  const long weights = keys * (width + 1) + block * (width + keys);
  if (pass == KERNEL_ATTENTION_WEIGHTS) return weights;
  return weights + keys * (2 * (width + value_width)) + block * (keys + width + value_width);
}

#define BODY "attention.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_attention_forward(const kernel_attention *a, float *scratch) {
  DISPATCH(kernel_attention_forward)(a, scratch);
}

void kernel_attention_pack(const kernel_attention *a, float *packed) {
  DISPATCH(kernel_attention_pack)(a, packed);
}

void kernel_attention_weights(const kernel_attention *a, float *scratch, float *weights) {
  DISPATCH(kernel_attention_weights)(a, scratch, weights);
}

void kernel_attention_backward(const kernel_attention *a,
                               const kernel_attention_gradients *gradients, float *scratch) {
  DISPATCH(kernel_attention_backward)(a, gradients, scratch);
}
