// Product of activations rounded to bfloat16 and packed bfloat16 weights, summed in 32-bit floats.
// Where the processor multiplies pairs of bfloat16 itself (NATIVE) it does; elsewhere both of a
// pair are widened, which gives the same products.
#define ELEMENT uint16_t
#define GROUP 2

typedef float KERNEL(floats) __attribute__((ext_vector_type(LANES), aligned(4)));
typedef uint32_t KERNEL(words) __attribute__((ext_vector_type(LANES), aligned(4)));

// Vectors of a row that a tile holds in registers.
#if LANES == 16
#define ACROSS 4
#else
#define ACROSS 2
#endif

static inline __attribute__((always_inline)) void KERNEL(convert_row)(
    long pieces, long inner, const void *const *taps, const int rounded, uint16_t *y,
    struct row_head *head) {
  (void)head;
  for (long piece = 0; piece < pieces; piece++, y += inner) {
    const float *x = taps[piece];
    if (rounded) {
      memcpy(y, x, (unsigned long)inner * 2);
      continue;
    }
#ifdef NATIVE
    long i = 0;
    for (; i + 32 <= inner; i += 32) {
      const __m512bh halves =
          _mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + i + 16), _mm512_loadu_ps(x + i));
      memcpy(y + i, &halves, 64);
    }
    if (i < inner) {
      const uint32_t filled = (1u << (inner - i)) - 1;
      const __m512bh halves =
          _mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps((__mmask16)(filled >> 16), x + i + 16),
                              _mm512_maskz_loadu_ps((__mmask16)filled, x + i));
      // Storing a part is slow: where further pieces follow they overwrite the rest.
      if ((pieces - piece) * inner - i >= 32)
        memcpy(y + i, &halves, 64);
      else
        _mm512_mask_storeu_epi16(y + i, filled, (__m512i)halves);
    }
#else
    for (long i = 0; i < inner; i++) y[i] = bf16_nearest(x[i]);
#endif
  }
}

// `rows` rows of 64 columns; `rows` is a constant where this is inlined.
static inline __attribute__((always_inline)) void KERNEL(tile)(
    const int rows, long pairs, const char *x, long x_stride, const kernel_low_weights *all,
    long panel, float *tile) {
  x += sizeof(struct row_head);
  const uint16_t *panels = (const uint16_t *)all->panels + panel * pairs * 128;
  for (int start = 0; start < 64; start += ACROSS * LANES) {
    KERNEL(floats) sums[6][ACROSS];
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < ACROSS; c++) sums[r][c] = 0;
    const uint16_t *weights = panels + start * 2;
    for (long k = 0; k < pairs; k++, weights += 128) {
      KERNEL(words) w[ACROSS];
      for (int c = 0; c < ACROSS; c++) w[c] = *(const KERNEL(words) *)(weights + c * 2 * LANES);
      for (int r = 0; r < rows; r++) {
        uint32_t pair;
        memcpy(&pair, x + r * x_stride + 4 * k, 4);
#ifdef NATIVE
        const __m512bh both = (__m512bh)_mm512_set1_epi32((int)pair);
        for (int c = 0; c < ACROSS; c++)
          sums[r][c] = (KERNEL(floats))_mm512_dpbf16_ps((__m512)sums[r][c], both, (__m512bh)w[c]);
#else
        const KERNEL(words) low = pair << 16, high = pair & 0xFFFF0000u;
        for (int c = 0; c < ACROSS; c++) {
          sums[r][c] += (KERNEL(floats))low * (KERNEL(floats))(w[c] << 16);
          sums[r][c] += (KERNEL(floats))high * (KERNEL(floats))(w[c] & 0xFFFF0000u);
        }
#endif
      }
    }
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < ACROSS; c++)
        *(KERNEL(floats) *)(tile + r * 64 + start + c * LANES) = sums[r][c];
  }
}

#include "product_low.body.h"

#undef ELEMENT
#undef GROUP
#undef ACROSS
