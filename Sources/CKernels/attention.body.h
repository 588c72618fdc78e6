typedef float KERNEL(floats) __attribute__((vector_size(LANES * 4), aligned(4)));
typedef int32_t KERNEL(ints) __attribute__((vector_size(LANES * 4)));
#define FLOATS KERNEL(floats)
#define INTS KERNEL(ints)

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

static void KERNEL(kernel_attention_scores)(long columns, float scale, const float *mask, const uint8_t *valid,
                                            float *scores) {
  if (mask)
    for (long j = 0; j < columns; j++) scores[j] = scores[j] * scale + mask[j];
  else
    for (long j = 0; j < columns; j++) scores[j] *= scale;
  if (valid)
    for (long j = 0; j < columns; j++) scores[j] = valid[j] ? scores[j] : -INFINITY;
}

// exp(scores - most), and the sum of it.
static inline float KERNEL(exponentials)(long columns, float most, float *scores) {
  FLOATS sums = {0};
  long j = 0;
  for (; j + LANES <= columns; j += LANES) {
    FLOATS e = KERNEL(exponential)(*(const FLOATS *)(scores + j) - most);
    *(FLOATS *)(scores + j) = e;
    sums += e;
  }
  if (j < columns) {
    float rest[LANES];
    for (int l = 0; l < LANES; l++) rest[l] = j + l < columns ? scores[j + l] : -INFINITY;
    FLOATS e = KERNEL(exponential)(*(const FLOATS *)rest - most);
    sums += e;
    for (int l = 0; j + l < columns; l++) scores[j + l] = e[l];
  }
  float sum = 0;
  for (int l = 0; l < LANES; l++) sum += sums[l];
  return sum;
}

static inline void KERNEL(scaled)(long columns, float factor, float *scores) {
  for (long j = 0; j < columns; j++) scores[j] *= factor;
}

// A row whose keys are all masked has no largest score: its weights become zeros.
static void KERNEL(kernel_attention_weights)(long rows, long columns, float scale, const float *mask, long mask_stride,
                                             const uint8_t *valid, float *scores, float *largest, float *inverse) {
  for (long i = 0; i < rows; i++) {
    float *row = scores + i * columns;
    KERNEL(kernel_attention_scores)(columns, scale, mask ? mask + i * mask_stride : mask, valid, row);
    float most = -INFINITY;
    long j = 0;
    if (columns >= LANES) {
      FLOATS top = *(const FLOATS *)row;
      for (j = LANES; j + LANES <= columns; j += LANES) top = __builtin_elementwise_max(top, *(const FLOATS *)(row + j));
      for (int l = 0; l < LANES; l++) most = top[l] > most ? top[l] : most;
    }
    for (; j < columns; j++) most = row[j] > most ? row[j] : most;
    if (most == -INFINITY) most = 0;
    float sum = KERNEL(exponentials)(columns, most, row);
    largest[i] = most;
    inverse[i] = sum == 0 ? 0 : 1 / sum;
    KERNEL(scaled)(columns, inverse[i], row);
  }
}

static void KERNEL(kernel_attention_recall)(long rows, long columns, float scale, const float *mask, long mask_stride,
                                            const uint8_t *valid, float *scores, const float *largest,
                                            const float *inverse) {
  for (long i = 0; i < rows; i++) {
    float *row = scores + i * columns;
    KERNEL(kernel_attention_scores)(columns, scale, mask ? mask + i * mask_stride : mask, valid, row);
    KERNEL(exponentials)(columns, largest[i], row);
    KERNEL(scaled)(columns, inverse[i], row);
  }
}

// The factor of one weight: 0, or 1 / (1 - rate). The number is RandomKey.uniform(at:).
static inline float KERNEL(dropout_factor)(uint64_t key, uint64_t position, float rate, float kept) {
  uint64_t z = key + position * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  z ^= z >> 31;
  return (float)(int32_t)(z >> 40) * 0x1p-24f < rate ? 0 : kept;
}

static void KERNEL(kernel_attention_dropout)(long count, uint64_t key, uint64_t position, float rate, float *weights) {
  float kept = 1 / (1 - rate);
  for (long i = 0; i < count; i++) weights[i] *= KERNEL(dropout_factor)(key, position + (uint64_t)i, rate, kept);
}

static void KERNEL(kernel_attention_gradient)(long rows, long columns, uint64_t key, uint64_t position, float rate,
                                              const float *totals, float *weights, float *gradient) {
  float kept = 1 / (1 - rate);
  for (long i = 0; i < rows; i++) {
    float *p = weights + i * columns;
    float *g = gradient + i * columns;
    float total = totals[i];
    if (rate > 0) {
      for (long j = 0; j < columns; j++) {
        float factor = KERNEL(dropout_factor)(key, position + (uint64_t)(i * columns + j), rate, kept);
        g[j] = p[j] * (g[j] * factor - total);
        p[j] *= factor;
      }
    } else {
      for (long j = 0; j < columns; j++) g[j] = p[j] * (g[j] - total);
    }
  }
}

static void KERNEL(kernel_row_dots)(long rows, long columns, const float *x, const float *y, long stride, float *dots) {
  for (long i = 0; i < rows; i++) {
    FLOATS sums = {0};
    long j = 0;
    for (; j + LANES <= columns; j += LANES)
      sums += *(const FLOATS *)(x + i * stride + j) * *(const FLOATS *)(y + i * stride + j);
    float sum = 0;
    for (int l = 0; l < LANES; l++) sum += sums[l];
    for (; j < columns; j++) sum += x[i * stride + j] * y[i * stride + j];
    dots[i] = sum;
  }
}
#undef FLOATS
#undef INTS
