// The forward pass of an attention: a block of queries goes through the keys a chunk at a time, with
// the largest score and the sum of exponentials so far, so that scores stay in the first cache
// (Milakov and Gimelshein, Online normalizer calculation for softmax, 2018; Dao et al.,
// FlashAttention, 2022). Included by the attention's body.

// Packed keys with their values.
struct KERNEL(attention_segment) {
  long keys;
  const float *panels;  // the keys transposed, in panels of 64 of them
  const float *values;  // [keys, padded value width]
  const float *mask;
  const uint8_t *valid;
};

// A block of queries on its way.
struct KERNEL(attention_block) {
  float *query;   // times the scale, [block, padded width]
  float *scores;  // [block, ATTENTION_CHUNK]
  float *bias;    // [ATTENTION_CHUNK]
  float *mixed;   // values times weights so far, [block, padded value width]
  FLOATS *sums;   // of the exponentials so far, by column of the register, [block]
  float *most;    // the largest score so far, [block]
};

// The block's rows from `row` on as they were with a larger score to subtract.
static inline void KERNEL(attention_rescale)(const struct KERNEL(attention_block) * b, long row,
                                             long width, float most) {
  const FLOATS factor = KERNEL(exponential)((FLOATS){0} + (b->most[row] - most));
  b->sums[row] *= factor;
  for (long c = 0; c < width; c += LANES) *(FLOATS *)(b->mixed + row * width + c) *= factor;
  b->most[row] = most;
}

// What is added to the scores of the keys `from..<from + count` for one query.
static inline void KERNEL(attention_chunk_bias)(const kernel_attention *a,
                                                const struct KERNEL(attention_segment) * s,
                                                long query, long from, long count, float *bias) {
  KERNEL(attention_bias)(count, s->mask ? s->mask + query * a->mask_stride + from : NULL,
                         s->valid ? s->valid + from : NULL, bias);
}

// Weights of a chunk of keys, not yet divided by their sums. `query` is the number of the first row.
static inline void KERNEL(attention_chunk)(const kernel_attention *a,
                                           const struct KERNEL(attention_segment) * s,
                                           const struct KERNEL(attention_block) * b, long query,
                                           long row, long rows, long from, long count) {
  const long padded = widest(count), width = widest(a->value_width);
  const int has_bias = s->mask != NULL || s->valid != NULL;
  const float kept = 1 / (1 - a->dropout);
  if (has_bias && a->mask_stride == 0)
    KERNEL(attention_chunk_bias)(a, s, query, from, count, b->bias);
  for (long i = row; i < row + rows; i++, query++) {
    float *scores = b->scores + i * ATTENTION_CHUNK;
    if (has_bias) {
      if (a->mask_stride != 0) KERNEL(attention_chunk_bias)(a, s, query, from, count, b->bias);
      for (long j = 0; j < padded; j += LANES)
        *(FLOATS *)(scores + j) += *(const FLOATS *)(b->bias + j);
    } else {
      for (long j = count; j < padded; j++) scores[j] = -INFINITY;
    }
    const float most = KERNEL(greatest)(padded, scores);
    if (most > b->most[i]) KERNEL(attention_rescale)(b, i, width, most);
    b->sums[i] += KERNEL(exponentials)(padded, b->most[i] == -INFINITY ? 0 : b->most[i], 1, scores);
    if (a->dropout > 0) {
      const uint64_t position = a->position + (uint64_t)(query * a->keys + from);
      for (long j = 0; j < count; j++)
        scores[j] *=
            KERNEL(dropout_factor)(a->dropout_key, position + (uint64_t)j, a->dropout, kept);
    }
  }
}

// What the block's rows `row..<row + rows`, whose first is the query `query`, see of a segment.
static inline void KERNEL(attention_look)(const kernel_attention *a,
                                          const struct KERNEL(attention_segment) * s,
                                          const struct KERNEL(attention_block) * b, long query,
                                          long row, long rows) {
  const long width = widest(a->width), value_width = widest(a->value_width);
  for (long from = 0; from < s->keys; from += ATTENTION_CHUNK) {
    const long count = s->keys - from < ATTENTION_CHUNK ? s->keys - from : ATTENTION_CHUNK;
    float *scores = b->scores + row * ATTENTION_CHUNK;
    KERNEL(attention_by_panels)(rows, count, a->width, b->query + row * width, width,
                                s->panels + from * a->width, scores, ATTENTION_CHUNK);
    KERNEL(attention_chunk)(a, s, b, query, row, rows, from, count);
    KERNEL(attention_product)(rows, value_width / LANES, count, scores, ATTENTION_CHUNK, 1,
                              s->values + from * value_width, value_width,
                              b->mixed + row * value_width, value_width, 1);
  }
}

static void KERNEL(kernel_attention_pack)(const kernel_attention *a, float *packed) {
  KERNEL(attention_panels)(a->keys, a->width, a->key, a->key_stride, a->valid, packed);
  KERNEL(attention_copy)(a->keys, a->value_width, a->value, a->value_stride, 1,
                         packed + widest(a->keys) * a->width);
}

static inline struct KERNEL(attention_segment)
    KERNEL(attention_packed)(const kernel_attention *a, long keys, const float *packed) {
  return (struct KERNEL(attention_segment)){
      .keys = keys, .panels = packed, .values = packed + widest(keys) * a->width};
}

static void KERNEL(kernel_attention_forward)(const kernel_attention *a, float *scratch) {
  const long width = widest(a->width), value_width = widest(a->value_width);
  const long block = attention_rows(a), per_sample = a->queries / a->samples;
  const long own = kernel_attention_packed(a);
  struct KERNEL(attention_block) b;
  b.sums = (FLOATS *)scratch;
  b.most = scratch + block * 16;
  b.bias = b.most + widest(block);
  b.query = b.bias + ATTENTION_CHUNK;
  b.scores = b.query + block * width;
  b.mixed = b.scores + block * ATTENTION_CHUNK;
  float *packed = b.mixed + block * value_width;
  for (long sample = 0; sample < a->samples; sample++) {
    kernel_attention one = *a;
    one.key += sample * a->keys * a->key_stride;
    one.value += sample * a->keys * a->value_stride;
    if (one.valid) one.valid += sample * a->keys;
    KERNEL(kernel_attention_pack)(&one, packed + sample * own);
  }
  struct KERNEL(attention_segment) shared = {0};
  if (a->shared) shared = KERNEL(attention_packed)(a, a->shared_keys, a->shared);
  shared.valid = a->shared_valid;
  for (long first = 0; first < a->queries; first += block) {
    const long rows = a->queries - first < block ? a->queries - first : block;
    KERNEL(attention_copy)(rows, a->width, a->query + first * a->query_stride, a->query_stride,
                           a->scale, b.query);
    for (long i = 0; i < rows; i++) b.sums[i] = (FLOATS){0}, b.most[i] = -INFINITY;
    memset(b.mixed, 0, (unsigned long)(rows * value_width) * sizeof(float));
    KERNEL(attention_look)(a, &shared, &b, first, 0, rows);
    for (long row = 0, count; row < rows; row += count) {
      const long sample = (first + row) / per_sample, rest = (sample + 1) * per_sample - first - row;
      count = rest < rows - row ? rest : rows - row;
      struct KERNEL(attention_segment) s =
          KERNEL(attention_packed)(a, a->keys, packed + sample * own);
      s.mask = a->mask;
      s.valid = a->valid ? a->valid + sample * a->keys : NULL;
      KERNEL(attention_look)(a, &s, &b, first + row, row, count);
    }
    for (long i = 0; i < rows; i++) {
      const float sum = KERNEL(total)(b.sums[i]);
      const float inverse = sum == 0 ? 0 : 1 / sum;
      a->largest[first + i] = b.most[i] == -INFINITY ? 0 : b.most[i];
      a->inverse[first + i] = inverse;
      float *restrict out = a->out + (first + i) * a->out_stride;
      for (long c = 0; c < a->value_width; c++) out[c] = b.mixed[i * value_width + c] * inverse;
    }
  }
}
