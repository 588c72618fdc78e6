static void KERNEL(kernel_unfold)(const kernel_window *w, const float *picture, float *patches) {
  long rows = w->last_row - w->first_row;
  for (long channel = 0; channel < w->channels; channel++) {
    const float *plane = picture + channel * w->height * w->width;
    for (long ky = 0; ky < w->kernel_height; ky++) {
      for (long kx = 0; kx < w->kernel_width; kx++) {
        // Columns of the result whose source lies inside the picture.
        long offset = kx * w->dilation - w->left;
        long first = offset >= 0 ? 0 : (-offset + w->stride - 1) / w->stride;
        long last = w->width - 1 - offset < 0 ? 0 : (w->width - 1 - offset) / w->stride + 1;
        if (last > w->columns) last = w->columns;
        if (first > last) first = last;
        for (long row = 0; row < rows; row++, patches += w->columns) {
          long y = (w->first_row + row) * w->stride + ky * w->dilation - w->top;
          if (y < 0 || y >= w->height) {
            for (long x = 0; x < w->columns; x++) patches[x] = 0;
            continue;
          }
          const float *source = plane + y * w->width + offset;
          for (long x = 0; x < first; x++) patches[x] = 0;
          if (w->stride == 1) {
            for (long x = first; x < last; x++) patches[x] = source[x];
          } else {
            for (long x = first; x < last; x++) patches[x] = source[x * w->stride];
          }
          for (long x = last; x < w->columns; x++) patches[x] = 0;
        }
      }
    }
  }
}

static void KERNEL(kernel_fold)(const kernel_window *w, const float *patches, float *picture) {
  long rows = w->last_row - w->first_row;
  for (long channel = 0; channel < w->channels; channel++) {
    float *plane = picture + channel * w->height * w->width;
    for (long ky = 0; ky < w->kernel_height; ky++) {
      for (long kx = 0; kx < w->kernel_width; kx++) {
        long offset = kx * w->dilation - w->left;
        long first = offset >= 0 ? 0 : (-offset + w->stride - 1) / w->stride;
        long last = w->width - 1 - offset < 0 ? 0 : (w->width - 1 - offset) / w->stride + 1;
        if (last > w->columns) last = w->columns;
        for (long row = 0; row < rows; row++, patches += w->columns) {
          long y = (w->first_row + row) * w->stride + ky * w->dilation - w->top;
          if (y < 0 || y >= w->height) continue;
          float *target = plane + y * w->width + offset;
          if (w->stride == 1) {
            for (long x = first; x < last; x++) target[x] += patches[x];
          } else {
            for (long x = first; x < last; x++) target[x * w->stride] += patches[x];
          }
        }
      }
    }
  }
}

static void KERNEL(kernel_channel_affine)(long channels, long columns, long stride,
                                          const float *scale, const float *shift,
                                          const float *residual, float low, float high, float *y) {
  for (long channel = 0; channel < channels; channel++, y += stride) {
    float factor = scale ? scale[channel] : 1, offset = shift ? shift[channel] : 0;
    if (residual) {
      const float *added = residual + channel * stride;
      for (long i = 0; i < columns; i++) {
        float value = y[i] * factor + offset + added[i];
        // Written so that NaN stays NaN.
        value = value < low ? low : value;
        y[i] = value > high ? high : value;
      }
    } else {
      for (long i = 0; i < columns; i++) {
        float value = y[i] * factor + offset;
        value = value < low ? low : value;
        y[i] = value > high ? high : value;
      }
    }
  }
}

static void KERNEL(kernel_pass_between)(long count, float low, float high, const float *x,
                                        const float *gradient, float *y) {
  for (long i = 0; i < count; i++) y[i] = x[i] > low && x[i] < high ? gradient[i] : 0;
}
