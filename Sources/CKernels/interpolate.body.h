static void KERNEL(kernel_interpolate)(const kernel_taps *rows, const kernel_taps *columns, long width,
                                       const float *x, float *y) {
  for (long j = 0; j < rows->count; j++) {
    const float *low = x + rows->low[j] * width, *high = x + rows->high[j] * width;
    float down = rows->weight[j];
    for (long i = 0; i < columns->count; i++) {
      long left = columns->low[i], right = columns->high[i];
      float across = columns->weight[i];
      float top = low[left] * (1 - across) + low[right] * across;
      float bottom = high[left] * (1 - across) + high[right] * across;
      *y++ = top * (1 - down) + bottom * down;
    }
  }
}

static void KERNEL(kernel_interpolate_backward)(const kernel_taps *rows, const kernel_taps *columns, long width,
                                                const float *dy, float *dx) {
  for (long j = 0; j < rows->count; j++) {
    float *low = dx + rows->low[j] * width, *high = dx + rows->high[j] * width;
    float down = rows->weight[j];
    for (long i = 0; i < columns->count; i++) {
      long left = columns->low[i], right = columns->high[i];
      float across = columns->weight[i], gradient = *dy++;
      low[left] += gradient * (1 - down) * (1 - across);
      low[right] += gradient * (1 - down) * across;
      high[left] += gradient * down * (1 - across);
      high[right] += gradient * down * across;
    }
  }
}
