#ifndef DEPTHWISE_TAPS
#define DEPTHWISE_TAPS
// Columns of the result whose source under one column of the kernel lies inside the picture.
static inline void tap_columns(const kernel_window *w, long kx, long *offset, long *first, long *last) {
  *offset = kx * w->dilation - w->left;
  *first = *offset >= 0 ? 0 : (-*offset + w->stride - 1) / w->stride;
  *last = w->width - 1 - *offset < 0 ? 0 : (w->width - 1 - *offset) / w->stride + 1;
  if (*last > w->columns) *last = w->columns;
}
#endif

static void KERNEL(kernel_depthwise)(const kernel_window *w, const float *picture, const float *weight, float *y) {
  for (long row = w->first_row; row < w->last_row; row++, y += w->columns) {
    for (long x = 0; x < w->columns; x++) y[x] = 0;
    for (long ky = 0; ky < w->kernel_height; ky++) {
      long source_row = row * w->stride + ky * w->dilation - w->top;
      if (source_row < 0 || source_row >= w->height) continue;
      for (long kx = 0; kx < w->kernel_width; kx++) {
        long offset, first, last;
        tap_columns(w, kx, &offset, &first, &last);
        const float *source = picture + source_row * w->width + offset;
        float factor = weight[ky * w->kernel_width + kx];
        if (w->stride == 1)
          for (long x = first; x < last; x++) y[x] += factor * source[x];
        else if (w->stride == 2)
          for (long x = first; x < last; x++) y[x] += factor * source[2 * x];
        else
          for (long x = first; x < last; x++) y[x] += factor * source[x * w->stride];
      }
    }
  }
}

static void KERNEL(kernel_depthwise_input)(const kernel_window *w, const float *dy, const float *weight,
                                           float *picture) {
  for (long row = w->first_row; row < w->last_row; row++, dy += w->columns) {
    for (long ky = 0; ky < w->kernel_height; ky++) {
      long source_row = row * w->stride + ky * w->dilation - w->top;
      if (source_row < 0 || source_row >= w->height) continue;
      for (long kx = 0; kx < w->kernel_width; kx++) {
        long offset, first, last;
        tap_columns(w, kx, &offset, &first, &last);
        float *target = picture + source_row * w->width + offset;
        float factor = weight[ky * w->kernel_width + kx];
        if (w->stride == 1)
          for (long x = first; x < last; x++) target[x] += factor * dy[x];
        else
          for (long x = first; x < last; x++) target[x * w->stride] += factor * dy[x];
      }
    }
  }
}

// Sums of a row each are added up row by row.
static void KERNEL(kernel_depthwise_weight)(const kernel_window *w, const float *picture, const float *dy,
                                            float *weight) {
#pragma clang fp reassociate(on)
  for (long ky = 0; ky < w->kernel_height; ky++) {
    for (long kx = 0; kx < w->kernel_width; kx++) {
      long offset, first, last;
      tap_columns(w, kx, &offset, &first, &last);
      float total = 0;
      for (long row = w->first_row; row < w->last_row; row++) {
        long source_row = row * w->stride + ky * w->dilation - w->top;
        if (source_row < 0 || source_row >= w->height) continue;
        const float *source = picture + source_row * w->width + offset;
        const float *incoming = dy + (row - w->first_row) * w->columns;
        float sum = 0;
        if (w->stride == 1)
          for (long x = first; x < last; x++) sum += incoming[x] * source[x];
        else
          for (long x = first; x < last; x++) sum += incoming[x] * source[x * w->stride];
        total += sum;
      }
      weight[ky * w->kernel_width + kx] += total;
    }
  }
}
