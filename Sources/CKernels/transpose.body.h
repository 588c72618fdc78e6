// Transposes whole tiles of LANES by LANES floats in registers. Included by bodies.
typedef float KERNEL(tile_row) __attribute__((ext_vector_type(LANES), aligned(4)));

#if LANES == 4
#define LOW 0, 4, 1, 5
#define HIGH 2, 6, 3, 7
#elif LANES == 8
#define LOW 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH 4, 12, 5, 13, 6, 14, 7, 15
#else
#define LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#endif

// y[i * y_stride + j] = x[j * x_stride + i]. Each round shuffles the upper half of the rows into
// the lower half like a pack of cards; after log2(LANES) rounds rows have become columns.
static inline __attribute__((always_inline)) void
KERNEL(transpose_tile)(const float *x, long x_stride, float *y, long y_stride) {
  KERNEL(tile_row) rows[LANES], shuffled[LANES];
#pragma unroll
  for (int i = 0; i < LANES; i++) rows[i] = *(const KERNEL(tile_row) *)(x + i * x_stride);
#pragma unroll
  for (int round = 1; round < LANES; round *= 2) {
#pragma unroll
    for (int i = 0; i < LANES / 2; i++) {
      shuffled[2 * i] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], LOW);
      shuffled[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], HIGH);
    }
#pragma unroll
    for (int i = 0; i < LANES; i++) rows[i] = shuffled[i];
  }
#pragma unroll
  for (int i = 0; i < LANES; i++) *(KERNEL(tile_row) *)(y + i * y_stride) = rows[i];
}
#undef LOW
#undef HIGH
