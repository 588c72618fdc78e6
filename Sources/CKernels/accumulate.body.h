static void KERNEL(kernel_accumulate)(long count, const float *x, float *y) {
  for (long i = 0; i < count; i++) y[i] += x[i];
}
