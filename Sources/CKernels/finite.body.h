static long KERNEL(kernel_first_not_finite)(long n, const float *x) {
  const long block = 1024;
  for (long start = 0; start < n; start += block) {
    long end = n - start < block ? n : start + block;
    // All bits of the exponent are set in infinities and in what is no number.
    int32_t met = 0;
    for (long i = start; i < end; i++) {
      int32_t bits;
      memcpy(&bits, x + i, sizeof bits);
      met |= (bits & 0x7f800000) == 0x7f800000;
    }
    if (!met) continue;
    for (long i = start; i < end; i++) {
      if (!isfinite(x[i])) return i;
    }
  }
  return -1;
}
