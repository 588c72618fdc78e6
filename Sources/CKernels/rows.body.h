// Folds of one row to one number, in an order that the row's length alone decides. Included by
// bodies.
typedef float KERNEL(lanes) __attribute__((ext_vector_type(LANES), aligned(4)));

// Rows are summed in blocks of floats, and the blocks in double: fast, and exact enough for rows of
// millions of elements.
static inline double KERNEL(row_sum)(long n, const float *x) {
  double total = 0;
  for (long start = 0; start < n; start += 1024) {
#pragma clang fp reassociate(on)
    const long end = start + 1024 < n ? start + 1024 : n;
    float block = 0;
    for (long i = start; i < end; i++) block += x[i];
    total += block;
  }
  return total;
}

// The greatest element of at least one; NaN if any is.
static inline float KERNEL(row_maximum)(long n, const float *x) {
  float most = x[0];
  long i = 0;
  if (n >= LANES) {
    KERNEL(lanes) greatest = *(const KERNEL(lanes) *)x;
    for (i = LANES; i + LANES <= n; i += LANES) {
      const KERNEL(lanes) next = *(const KERNEL(lanes) *)(x + i);
      greatest = ((next > greatest) | (next != next)) ? next : greatest;
    }
    for (int lane = 0; lane < LANES; lane++) {
      const float next = greatest[lane];
      most = next > most || next != next ? next : most;
    }
  }
  for (; i < n; i++) most = x[i] > most || x[i] != x[i] ? x[i] : most;
  return most;
}
