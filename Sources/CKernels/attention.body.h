#include "attention_product.body.h"

// exp for arguments of at most 88: 2^n by the exponent bits, the rest by Cephes' polynomial.
// Arguments of -87.3 and less, minus infinity among them, give exactly zero; NaN stays NaN.
static inline FLOATS KERNEL(exponential)(FLOATS x) {
  INTS keep = ~(x <= -87.3f);
  x = (FLOATS)((INTS)x & keep);
  FLOATS n = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
  FLOATS r = x - n * 0.693359375f + n * 2.12194440e-4f;
  FLOATS p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  INTS power = (__builtin_convertvector(n, INTS) + 127) << 23;
  return (FLOATS)((INTS)(p * (FLOATS)power) & keep);
}

// What is added to a row of scores, [padded keys]: the mask, minus infinity for keys that do not
// count and for the columns beyond the last key.
static inline void KERNEL(attention_bias)(long keys, const float *mask, const uint8_t *valid,
                                          float *bias) {
  for (long j = 0; j < keys; j++) bias[j] = mask ? mask[j] : 0;
  if (valid)
    for (long j = 0; j < keys; j++) bias[j] = valid[j] ? bias[j] : -INFINITY;
  for (long j = keys; j < widest(keys); j++) bias[j] = -INFINITY;
}

// The larger of each pair; y where one of them is no number.
static inline FLOATS KERNEL(larger)(FLOATS x, FLOATS y) {
  const INTS first = x > y;
  return (FLOATS)(((INTS)x & first) | ((INTS)y & ~first));
}

static inline float KERNEL(greatest)(long columns, const float *scores) {
  FLOATS top = (FLOATS){0} - INFINITY;
  for (long j = 0; j < columns; j += LANES)
    top = KERNEL(larger)(*(const FLOATS *)(scores + j), top);
#if LANES == 16
  top = KERNEL(larger)(top, __builtin_shufflevector(top, top, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2,
                                                    3, 4, 5, 6, 7));
  top = KERNEL(larger)(top, __builtin_shufflevector(top, top, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14,
                                                    15, 8, 9, 10, 11));
  top = KERNEL(larger)(top, __builtin_shufflevector(top, top, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9,
                                                    14, 15, 12, 13));
  top = KERNEL(larger)(top, __builtin_shufflevector(top, top, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10,
                                                    13, 12, 15, 14));
#elif LANES == 8
  top = KERNEL(larger)(top, __builtin_shufflevector(top, top, 4, 5, 6, 7, 0, 1, 2, 3));
  top = KERNEL(larger)(top, __builtin_shufflevector(top, top, 2, 3, 0, 1, 6, 7, 4, 5));
  top = KERNEL(larger)(top, __builtin_shufflevector(top, top, 1, 0, 3, 2, 5, 4, 7, 6));
#else
  top = KERNEL(larger)(top, __builtin_shufflevector(top, top, 2, 3, 0, 1));
  top = KERNEL(larger)(top, __builtin_shufflevector(top, top, 1, 0, 3, 2));
#endif
  return top[0];
}

// factor * exp(scores - most), and the sums of the exponentials by column of the register.
static inline FLOATS KERNEL(exponentials)(long columns, float most, float factor, float *scores) {
  FLOATS sums = {0};
  for (long j = 0; j < columns; j += LANES) {
    FLOATS e = KERNEL(exponential)(*(const FLOATS *)(scores + j) - most);
    *(FLOATS *)(scores + j) = e * factor;
    sums += e;
  }
  return sums;
}

static inline float KERNEL(total)(FLOATS sums) {
  float sum = 0;
  for (int l = 0; l < LANES; l++) sum += sums[l];
  return sum;
}

// The factor of one weight: 0, or 1 / (1 - rate). The number is RandomKey.uniform(at:).
static inline float KERNEL(dropout_factor)(uint64_t key, uint64_t position, float rate,
                                           float kept) {
  uint64_t z = key + position * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  z ^= z >> 31;
  return (float)(int32_t)(z >> 40) * 0x1p-24f < rate ? 0 : kept;
}

// The parts of an attention's scratch memory that all passes share.
struct KERNEL(attention_scratch) {
  float *keys;   // transposed, in panels of 64 keys
  float *bias;   // [padded keys]
  float *query;  // a block of queries times the scale, [block, padded width]
  float *scores; // [block, padded keys]
  float *rest;   // what follows
  int has_bias;  // whether every score needs it, not only the columns beyond the last key
};

static inline struct KERNEL(attention_scratch)
    KERNEL(attention_prepare)(const kernel_attention *a, long block, float *scratch) {
  const long padded = widest(a->keys);
  struct KERNEL(attention_scratch) s;
  s.keys = scratch;
  s.bias = s.keys + padded * a->width;
  s.query = s.bias + padded;
  s.scores = s.query + block * widest(a->width);
  s.rest = s.scores + block * padded;
  s.has_bias = a->mask != NULL || a->valid != NULL;
  KERNEL(attention_panels)(a->keys, a->width, a->key, a->key_stride, a->valid, s.keys);
  if (a->mask_stride == 0) KERNEL(attention_bias)(a->keys, a->mask, a->valid, s.bias);
  return s;
}

// Scores of a block of queries, masked, [rows, padded keys].
static inline void KERNEL(attention_scores)(const kernel_attention *a,
                                            const struct KERNEL(attention_scratch) * s, long first,
                                            long rows) {
  const long padded = widest(a->keys), width = widest(a->width);
  KERNEL(attention_copy)(rows, a->width, a->query + first * a->query_stride, a->query_stride,
                         a->scale, s->query);
  KERNEL(attention_by_panels)(rows, a->keys, a->width, s->query, width, s->keys, s->scores, padded);
  for (long i = 0; i < rows; i++) {
    float *row = s->scores + i * padded;
    if (s->has_bias) {
      if (a->mask_stride != 0)
        KERNEL(attention_bias)(a->keys, a->mask + (first + i) * a->mask_stride, a->valid, s->bias);
      for (long j = 0; j < padded; j += LANES)
        *(FLOATS *)(row + j) += *(const FLOATS *)(s->bias + j);
    } else {
      for (long j = a->keys; j < padded; j++) row[j] = -INFINITY;
    }
  }
}

// Weights of a block of queries: exponentials, not yet divided by their sums. A row whose keys are
// all masked has no largest score: its weights become zeros.
static inline void KERNEL(attention_exponentials)(const kernel_attention *a,
                                                  const struct KERNEL(attention_scratch) * s,
                                                  long first, long rows) {
  const long padded = widest(a->keys);
  KERNEL(attention_scores)(a, s, first, rows);
  for (long i = 0; i < rows; i++) {
    float *row = s->scores + i * padded;
    float most = KERNEL(greatest)(padded, row);
    if (most == -INFINITY) most = 0;
    const float sum = KERNEL(total)(KERNEL(exponentials)(padded, most, 1, row));
    a->largest[first + i] = most;
    a->inverse[first + i] = sum == 0 ? 0 : 1 / sum;
  }
}

static void KERNEL(kernel_attention_weights)(const kernel_attention *a, float *scratch,
                                             float *weights) {
  const long block = attention_block(a);
  const long padded = widest(a->keys);
  const struct KERNEL(attention_scratch) s = KERNEL(attention_prepare)(a, block, scratch);
  for (long first = 0; first < a->queries; first += block) {
    const long rows = a->queries - first < block ? a->queries - first : block;
    KERNEL(attention_exponentials)(a, &s, first, rows);
    for (long i = 0; i < rows; i++)
      for (long j = 0; j < a->keys; j++)
        weights[(first + i) * a->keys + j] = s.scores[i * padded + j] * a->inverse[first + i];
  }
}

// With P the weights, D the dropout factors and g the output's gradient, the gradient of the scores
// is P * (g V^T * D - rowsum(g * output)): the row sum of P * dP needs no pass over the keys (Dao
// et al., FlashAttention, 2022, appendix B).
static inline void KERNEL(attention_score_gradient)(const kernel_attention *a, uint64_t position,
                                                    float total, float *restrict p,
                                                    float *restrict g) {
  if (a->dropout > 0) {
    const float kept = 1 / (1 - a->dropout);
    for (long j = 0; j < a->keys; j++) {
      const float factor =
          KERNEL(dropout_factor)(a->dropout_key, position + (uint64_t)j, a->dropout, kept);
      g[j] = p[j] * (g[j] * factor - total);
      p[j] *= factor;
    }
  } else {
    for (long j = 0; j < a->keys; j++) g[j] = p[j] * (g[j] - total);
  }
}

static inline float KERNEL(dot)(long n, const float *x, const float *y) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (long i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

static void KERNEL(kernel_attention_backward)(const kernel_attention *a,
                                              const kernel_attention_gradients *g, float *scratch) {
  const long block = attention_block(a);
  const long padded = widest(a->keys), width = widest(a->width);
  const long value_width = widest(a->value_width);
  const struct KERNEL(attention_scratch) s = KERNEL(attention_prepare)(a, block, scratch);
  float *values = s.rest;                           // like the keys, in panels
  float *keys = values + padded * a->value_width;   // [keys, padded width]
  float *gradient = keys + a->keys * width;         // [block, padded value width]
  float *d_scores = gradient + block * value_width; // [block, padded keys]
  float *d_query = d_scores + block * padded;       // [block, padded width]
  float *d_keys = d_query + block * width;          // [keys, padded width]
  float *d_values = d_keys + a->keys * width;       // [keys, padded value width]
  KERNEL(attention_panels)(a->keys, a->value_width, a->value, a->value_stride, a->valid, values);
  KERNEL(attention_copy)(a->keys, a->width, a->key, a->key_stride, 1, keys);
  if (a->queries == 0) {
    memset(d_keys, 0, (unsigned long)(a->keys * width) * sizeof(float));
    memset(d_values, 0, (unsigned long)(a->keys * value_width) * sizeof(float));
  }
  for (long first = 0; first < a->queries; first += block) {
    const long rows = a->queries - first < block ? a->queries - first : block;
    KERNEL(attention_scores)(a, &s, first, rows);
    KERNEL(attention_copy)(rows, a->value_width, g->out + first * g->out_stride, g->out_stride, 1,
                           gradient);
    KERNEL(attention_by_panels)(rows, a->keys, a->value_width, gradient, value_width, values,
                                d_scores, padded);
    for (long i = 0; i < rows; i++) {
      const long row = first + i;
      float *p = s.scores + i * padded;
      KERNEL(exponentials)(padded, a->largest[row], a->inverse[row], p);
      const float total =
          KERNEL(dot)(a->value_width, g->out + row * g->out_stride, a->out + row * a->out_stride);
      KERNEL(attention_score_gradient)(a, a->position + (uint64_t)(row * a->keys), total, p,
                                       d_scores + i * padded);
    }
    KERNEL(attention_product)(rows, width / LANES, a->keys, d_scores, padded, 1, keys, width,
                              d_query, width, 0);
    KERNEL(attention_spread)(rows, a->width, d_query, a->scale, g->query + first * g->query_stride,
                             g->query_stride);
    KERNEL(attention_product)(a->keys, width / LANES, rows, d_scores, 1, padded, s.query, width,
                              d_keys, width, first > 0);
    KERNEL(attention_product)(a->keys, value_width / LANES, rows, s.scores, 1, padded, gradient,
                              value_width, d_values, value_width, first > 0);
  }
  KERNEL(attention_spread)(a->keys, a->width, d_keys, 1, g->key, g->key_stride);
  KERNEL(attention_spread)(a->keys, a->value_width, d_values, 1, g->value, g->value_stride);
}
#include "attention_forward.body.h"
#undef FLOATS
#undef INTS
