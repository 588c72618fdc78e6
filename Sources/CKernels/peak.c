// Multiply-adds between registers and nothing else: what no program on this machine can exceed.
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Chains that do not wait for each other: more than latency times units of any processor so far.
#define CHAINS 14
#define EVERY_CHAIN _Pragma("clang loop unroll(full)") for (int chain = 0; chain < CHAINS; chain++)

// Where the sums end, so that they have to be computed.
static volatile float float_sink;

// A function that runs rounds of `step`, which adds to `sum` products of `x`, a register of floats
// all equal to `start`; `lanes` multiply-adds each.
#define PEAK(name, attributes, vector, first, add, step, last, lanes)                              \
  attributes static long name(long rounds) {                                                       \
    const float start = float_sink * 0.0f + 0.5f;                                                  \
    const vector x = first;                                                                        \
    vector sums[CHAINS];                                                                           \
    EVERY_CHAIN sums[chain] = x;                                                                   \
    for (long round = 0; round < rounds; round++) EVERY_CHAIN {                                    \
        vector sum = sums[chain];                                                                  \
        sums[chain] = step;                                                                        \
      }                                                                                            \
    vector total = sums[0];                                                                        \
    EVERY_CHAIN total = add(total, sums[chain]);                                                   \
    float_sink = last;                                                                             \
    return CHAINS * lanes;                                                                         \
  }

typedef float float4 __attribute__((vector_size(16)));
#define ADD(x, y) ((x) + (y))
PEAK(peak_float4, , float4, ((float4){start, start, start, start}), ADD, sum * x + x, total[0], 4)

#if defined(__x86_64__)
#define TARGET(sets) __attribute__((target(sets)))
PEAK(peak_float8, TARGET("avx2,fma"), __m256, _mm256_set1_ps(start), _mm256_add_ps,
     _mm256_fmadd_ps(sum, x, x), _mm256_cvtss_f32(total), 8)
PEAK(peak_float16, TARGET("avx512f"), __m512, _mm512_set1_ps(start), _mm512_add_ps,
     _mm512_fmadd_ps(sum, x, x), _mm512_cvtss_f32(total), 16)
PEAK(peak_bf16, TARGET("avx512f,avx512bf16"), __m512, _mm512_set1_ps(start), _mm512_add_ps,
     _mm512_dpbf16_ps(sum, (__m512bh)x, (__m512bh)x), _mm512_cvtss_f32(total), 32)
PEAK(peak_int8, TARGET("avx512f,avx512vnni"), __m512i, _mm512_castps_si512(_mm512_set1_ps(start)),
     _mm512_add_epi32, _mm512_dpbusd_epi32(sum, x, x),
     _mm512_cvtss_f32(_mm512_castsi512_ps(total)), 64)
#endif

long kernel_peak(int arithmetic, long rounds) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (arithmetic == 1) return __builtin_cpu_supports("avx512bf16") ? peak_bf16(rounds) : 0;
  if (arithmetic == 2) return __builtin_cpu_supports("avx512vnni") ? peak_int8(rounds) : 0;
  if (kernel_level() == 2) return peak_float16(rounds);
  if (kernel_level() == 1) return peak_float8(rounds);
#endif
  return arithmetic == 0 ? peak_float4(rounds) : 0;
}
