// Product of activations quantised row by row to 0...255 and packed weights of -127...127, summed
// exactly in 32-bit integers. Where the processor multiplies four pairs of bytes itself (NATIVE) it
// does; elsewhere the bytes are widened.
#define ELEMENT uint8_t
#define GROUP 4

typedef float KERNEL(floats) __attribute__((ext_vector_type(LANES), aligned(4)));
typedef int32_t KERNEL(words) __attribute__((ext_vector_type(LANES), aligned(4)));
typedef int16_t KERNEL(halves) __attribute__((ext_vector_type(2 * LANES), aligned(4)));

// Vectors of a row that a tile holds in registers.
#if LANES == 16
#define ACROSS 4
#else
#define ACROSS 2
#endif

// The sum of two 16-bit products in each lane.
static inline KERNEL(words) KERNEL(pair_sums)(KERNEL(words) a, KERNEL(words) b) {
#if defined(__x86_64__) && LANES == 16
  return (KERNEL(words))_mm512_madd_epi16((__m512i)a, (__m512i)b);
#elif defined(__x86_64__) && LANES == 8
  return (KERNEL(words))_mm256_madd_epi16((__m256i)a, (__m256i)b);
#elif defined(__x86_64__)
  return (KERNEL(words))_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
  return (a << 16 >> 16) * (b << 16 >> 16) + (a >> 16) * (b >> 16);
#endif
}

#ifdef NATIVE
// The lanes of vector `v` that the last `count` numbers of a piece fill.
static inline __mmask16 KERNEL(filled)(long count, int v) {
  const long lanes = count - 16 * v;
  return (__mmask16)(lanes >= 16 ? 0xFFFF : lanes <= 0 ? 0 : (1 << lanes) - 1);
}

// Numbers i..<i+16 of a piece.
static inline __m512 KERNEL(sixteen)(const void *x, long i, const int rounded) {
  if (!rounded) return _mm512_loadu_ps((const float *)x + i);
  const __m256i halves = _mm256_loadu_si256((const __m256i *)((const uint16_t *)x + i));
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}

// Those of them that `filled` names, zeros for the others.
static inline __m512 KERNEL(some)(const void *x, long i, const int rounded, __mmask16 filled) {
  if (!rounded) return _mm512_maskz_loadu_ps(filled, (const float *)x + i);
  const __m256i halves = _mm256_maskz_loadu_epi16(filled, (const uint16_t *)x + i);
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}

// Four vectors of whole numbers as bytes, those outside of 0...255 as the nearest of these.
static inline __m512i KERNEL(bytes)(const __m512i *whole) {
  // Packing takes four numbers of each of four vectors in turn; the permutation puts them in order.
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  return _mm512_permutexvar_epi32(order,
                                  _mm512_packus_epi16(_mm512_packs_epi32(whole[0], whole[1]),
                                                      _mm512_packs_epi32(whole[2], whole[3])));
}
#endif

static inline float KERNEL(number)(const void *x, long i, const int rounded) {
  return rounded ? bf16_widened(((const uint16_t *)x)[i]) : ((const float *)x)[i];
}

// The range of a row; NaN both when a number is not finite.
static inline __attribute__((always_inline)) void KERNEL(row_limits)(
    long pieces, long count, const void *const *taps, const int rounded, float *least,
    float *most) {
  const float start = KERNEL(number)(taps[0], 0, rounded);
#ifdef NATIVE
  // Four of each, because every step waits for the one before.
  __m512 lows[4], highs[4], bads[4];
  for (int v = 0; v < 4; v++) {
    lows[v] = highs[v] = _mm512_set1_ps(start);
    bads[v] = _mm512_setzero_ps();
  }
  for (long piece = 0; piece < pieces; piece++) {
    const void *x = taps[piece];
    long i = 0;
    for (; i + 64 <= count; i += 64)
      for (int v = 0; v < 4; v++) {
        const __m512 next = KERNEL(sixteen)(x, i + 16 * v, rounded);
        lows[v] = _mm512_min_ps(lows[v], next);
        highs[v] = _mm512_max_ps(highs[v], next);
        bads[v] = _mm512_fmadd_ps(next, _mm512_setzero_ps(), bads[v]);
      }
    for (int v = 0; i + 16 * v < count; v++) {
      const __mmask16 filled = KERNEL(filled)(count - i, v);
      const __m512 next = KERNEL(some)(x, i + 16 * v, rounded, filled);
      lows[v] = _mm512_mask_min_ps(lows[v], filled, lows[v], next);
      highs[v] = _mm512_mask_max_ps(highs[v], filled, highs[v], next);
      bads[v] = _mm512_fmadd_ps(next, _mm512_setzero_ps(), bads[v]);
    }
  }
  for (int v = 1; v < 4; v++) {
    lows[0] = _mm512_min_ps(lows[0], lows[v]);
    highs[0] = _mm512_max_ps(highs[0], highs[v]);
    bads[0] = _mm512_add_ps(bads[0], bads[v]);
  }
  const float low = _mm512_reduce_min_ps(lows[0]), high = _mm512_reduce_max_ps(highs[0]);
  const float bad = _mm512_cmp_ps_mask(bads[0], bads[0], _CMP_UNORD_Q) ? NAN : 0;
#else
  float low = start, high = start, bad = 0;
  for (long piece = 0; piece < pieces; piece++)
    for (long i = 0; i < count; i++) {
      const float next = KERNEL(number)(taps[piece], i, rounded);
      low = next < low ? next : low;
      high = next > high ? next : high;
      bad += next * 0;
    }
#endif
  *least = low + bad;
  *most = high + bad;
}

// y = x * factor + offset, rounded to the nearest of 0...255; what lies behind y up to `room` may be
// overwritten.
static inline __attribute__((always_inline)) void KERNEL(quantise)(
    long count, const void *x, const int rounded, float factor, float offset, uint8_t *y,
    long room) {
#ifdef NATIVE
  const __m512 factors = _mm512_set1_ps(factor), offsets = _mm512_set1_ps(offset);
  long i = 0;
  __m512i whole[4];
  for (; i + 64 <= count; i += 64) {
    for (int v = 0; v < 4; v++)
      whole[v] = _mm512_cvtps_epi32(
          _mm512_fmadd_ps(KERNEL(sixteen)(x, i + 16 * v, rounded), factors, offsets));
    _mm512_storeu_si512(y + i, KERNEL(bytes)(whole));
  }
  if (i < count) {
    for (int v = 0; v < 4; v++)
      whole[v] = _mm512_cvtps_epi32(_mm512_fmadd_ps(
          KERNEL(some)(x, i + 16 * v, rounded, KERNEL(filled)(count - i, v)), factors, offsets));
    // Storing a part is slow.
    if (room - i >= 64)
      _mm512_storeu_si512(y + i, KERNEL(bytes)(whole));
    else
      _mm512_mask_storeu_epi8(y + i, (1ull << (count - i)) - 1, KERNEL(bytes)(whole));
  }
#else
  (void)room;
  // Adding 2^23 rounds to the nearest whole number and leaves it in the low bits.
  for (long i = 0; i < count; i++) {
    const float level = KERNEL(number)(x, i, rounded) * factor + offset;
    const float nearest = (level < 0 ? 0 : level < 255 ? level : 255) + 0x1p23f;
    uint32_t bits;
    memcpy(&bits, &nearest, 4);
    y[i] = (uint8_t)bits;
  }
#endif
}

static inline __attribute__((always_inline)) void KERNEL(convert_row)(
    long pieces, long inner, const void *const *taps, const int rounded, uint8_t *y,
    struct row_head *head) {
  float least, most;
  KERNEL(row_limits)(pieces, inner, taps, rounded, &least, &most);
  const float step = most * (1 / 255.0f) - least * (1 / 255.0f);
  head->step = step;
  head->least = least;
  const float factor = step > 1e-36f ? 1 / step : 0, offset = -least * factor;
  for (long piece = 0; piece < pieces; piece++)
    KERNEL(quantise)
    (inner, taps[piece], rounded, factor, offset, y + piece * inner, (pieces - piece) * inner);
}

// `rows` rows of 64 columns; `rows` is a constant where this is inlined.
static inline __attribute__((always_inline)) void KERNEL(tile)(
    const int rows, long fours, const char *x, long x_stride, const kernel_low_weights *weights,
    long panel, float *tile) {
  const char *elements = x + sizeof(struct row_head);
  for (int start = 0; start < 64; start += ACROSS * LANES) {
    KERNEL(words) sums[6][ACROSS];
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < ACROSS; c++) sums[r][c] = 0;
    const int8_t *bytes = (const int8_t *)weights->panels + panel * fours * 256 + start * 4;
    for (long k = 0; k < fours; k++, bytes += 256) {
      KERNEL(words) w[ACROSS];
      for (int c = 0; c < ACROSS; c++) w[c] = *(const KERNEL(words) *)(bytes + c * 4 * LANES);
#ifndef NATIVE
      KERNEL(words) even[ACROSS], odd[ACROSS];
      for (int c = 0; c < ACROSS; c++) {
        even[c] = (KERNEL(words))((KERNEL(halves))w[c] << 8 >> 8);
        odd[c] = (KERNEL(words))((KERNEL(halves))w[c] >> 8);
      }
#endif
      for (int r = 0; r < rows; r++) {
        uint32_t four;
        memcpy(&four, elements + r * x_stride + 4 * k, 4);
#ifdef NATIVE
        const __m512i all = _mm512_set1_epi32((int)four);
        for (int c = 0; c < ACROSS; c++)
          sums[r][c] = (KERNEL(words))_mm512_dpbusd_epi32((__m512i)sums[r][c], all, (__m512i)w[c]);
#else
        const KERNEL(words) first = (int32_t)(four & 0x00FF00FF);
        const KERNEL(words) second = (int32_t)(four >> 8 & 0x00FF00FF);
        for (int c = 0; c < ACROSS; c++)
          sums[r][c] += KERNEL(pair_sums)(even[c], first) + KERNEL(pair_sums)(odd[c], second);
#endif
      }
    }
    for (int c = 0; c < ACROSS; c++) {
      // Which of two products joins the addition would depend on the height of the tile.
#pragma clang fp contract(off)
      const long column = panel * 64 + start + c * LANES;
      const KERNEL(floats) scales = *(const KERNEL(floats) *)(weights->scales + column);
      const KERNEL(floats) totals = *(const KERNEL(floats) *)(weights->sums + column);
      for (int r = 0; r < rows; r++) {
        const struct row_head *head = (const struct row_head *)(x + r * x_stride);
        *(KERNEL(floats) *)(tile + r * 64 + start + c * LANES) =
            scales * (__builtin_convertvector(sums[r][c], KERNEL(floats)) * head->step +
                      totals * head->least);
      }
    }
  }
}

#include "product_low.body.h"

#undef ELEMENT
#undef GROUP
#undef ACROSS
