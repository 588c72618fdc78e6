// The products of floats are exact in double, so a fused multiply-add gives the same bits as two
// operations; the sixteen partial sums fix the order on every instruction set.
static double KERNEL(kernel_sum_of_squares)(long count, const float *x) {
  double partial[16] = {0};
  long i = 0;
  for (; i + 16 <= count; i += 16)
    for (int lane = 0; lane < 16; lane++) {
      double value = x[i + lane];
      partial[lane] += value * value;
    }
  for (int lane = 0; i < count; i++, lane++) partial[lane] += (double)x[i] * x[i];
  for (int width = 8; width > 0; width /= 2)
    for (int lane = 0; lane < width; lane++) partial[lane] += partial[lane + width];
  return partial[0];
}

static void KERNEL(kernel_adamw)(long count, const struct kernel_adamw_step *step, const float *gradient, float *restrict first,
                                 float *restrict second, float *restrict value) {
  float scale = step->gradient_scale, decay = step->decay, rate = step->rate, epsilon = step->epsilon;
  float beta2 = step->beta2, rest1 = step->rest1, rest2 = step->rest2;
  float root = step->second_correction_root;
  for (long i = 0; i < count; i++) {
    float g = gradient[i] * scale;
    float m = first[i] + rest1 * (g - first[i]);
    float v = beta2 * second[i] + rest2 * (g * g);
    first[i] = m;
    second[i] = v;
    value[i] = value[i] * decay - rate * (m / (__builtin_sqrtf(v) / root + epsilon));
  }
}

static void KERNEL(kernel_blend)(long count, float weight, const float *x, float *y) {
  for (long i = 0; i < count; i++) y[i] += weight * (x[i] - y[i]);
}
