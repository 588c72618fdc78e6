static void KERNEL(kernel_interpolate)(const kernel_taps *rows, const kernel_taps *columns, long width,
                                       long channels, long first, long last, const float *x, float *y) {
  for (long j = first; j < last; j++) {
    const float *low = x + rows->low[j] * width * channels, *high = x + rows->high[j] * width * channels;
    float down = rows->weight[j];
    for (long i = 0; i < columns->count; i++, y += channels) {
      long left = columns->low[i] * channels, right = columns->high[i] * channels;
      float across = columns->weight[i];
      for (long c = 0; c < channels; c++) {
        float top = low[left + c] * (1 - across) + low[right + c] * across;
        float bottom = high[left + c] * (1 - across) + high[right + c] * across;
        y[c] = top * (1 - down) + bottom * down;
      }
    }
  }
}

// Low and high may be the same pixel, so the four are served one after the other.
static void KERNEL(kernel_interpolate_backward)(const kernel_taps *rows, const kernel_taps *columns, long width,
                                                long channels, long first, long last, const float *dy,
                                                float *dx) {
  for (long j = 0; j < rows->count; j++) {
    float *low = dx + rows->low[j] * width * channels, *high = dx + rows->high[j] * width * channels;
    float down = rows->weight[j];
    for (long i = 0; i < columns->count; i++, dy += channels) {
      long left = columns->low[i] * channels, right = columns->high[i] * channels;
      float across = columns->weight[i];
      for (long c = first; c < last; c++) low[left + c] += dy[c] * (1 - down) * (1 - across);
      for (long c = first; c < last; c++) low[right + c] += dy[c] * (1 - down) * across;
      for (long c = first; c < last; c++) high[left + c] += dy[c] * down * (1 - across);
      for (long c = first; c < last; c++) high[right + c] += dy[c] * down * across;
    }
  }
}
