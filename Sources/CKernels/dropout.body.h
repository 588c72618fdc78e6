// The same numbers as RandomKey.uniform(at:) in Swift.
static void KERNEL(kernel_dropout)(long n, long first, uint64_t key, uint32_t threshold,
                                   float scale, const float *x, float *restrict y) {
  for (long i = 0; i < n; i++) {
    uint64_t z = key + (uint64_t)(first + i) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z = (z ^ (z >> 31)) >> 40;
    y[i] = (uint32_t)z < threshold ? 0 : x[i] * scale;
  }
}
