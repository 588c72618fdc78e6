#ifndef DEPTHWISE_RANGE
#define DEPTHWISE_RANGE
// Channels that are computed at a time: their sums stay in registers.
enum { DEPTHWISE_WIDTH = 32 };

// The taps along one axis whose source lies inside the picture.
static inline void tap_range(long source, long dilation, long extent, long kernel, long *first, long *last) {
  *first = source >= 0 ? 0 : (-source + dilation - 1) / dilation;
  *last = source >= extent ? 0 : (extent - 1 - source) / dilation + 1;
  if (*last > kernel) *last = kernel;
}
#endif

static inline __attribute__((always_inline)) void KERNEL(depthwise_taps)(
    const kernel_window *w, long top, long bottom, long left, long right, long sy, long sx,
    long channels, const float *x, const float *weight, float *y) {
  float sums[DEPTHWISE_WIDTH] = {0};
  for (long ky = top; ky < bottom; ky++) {
    for (long kx = left; kx < right; kx++) {
      const float *source = x + ((sy + ky * w->dilation) * w->width + sx + kx * w->dilation) * w->pixel;
      const float *factor = weight + (ky * w->kernel_width + kx) * w->channels;
      for (long i = 0; i < channels; i++) sums[i] += factor[i] * source[i];
    }
  }
  for (long i = 0; i < channels; i++) y[i] = sums[i];
}

// One position of the result with the taps that lie inside the picture.
static inline void KERNEL(depthwise_pixel)(const kernel_window *w, long top, long bottom, long left,
                                           long right, long sy, long sx, long channels,
                                           const float *x, const float *weight, float *y) {
  if (channels == DEPTHWISE_WIDTH) {
    KERNEL(depthwise_taps)
    (w, top, bottom, left, right, sy, sx, DEPTHWISE_WIDTH, x, weight, y);
  } else if (channels == DEPTHWISE_WIDTH / 2) {
    KERNEL(depthwise_taps)
    (w, top, bottom, left, right, sy, sx, DEPTHWISE_WIDTH / 2, x, weight, y);
  } else {
    KERNEL(depthwise_taps)(w, top, bottom, left, right, sy, sx, channels, x, weight, y);
  }
}

// One row of the result for some channels; `x` and `weight` begin at the first of them.
static inline void KERNEL(depthwise_row)(const kernel_window *w, long row, long channels, const float *x,
                                         const float *weight, float *y) {
  long top, bottom;
  long sy = row * w->stride - w->top;
  tap_range(sy, w->dilation, w->height, w->kernel_height, &top, &bottom);
  for (long column = 0; column < w->columns;) {
    long left, right;
    long sx = column * w->stride - w->left;
    tap_range(sx, w->dilation, w->width, w->kernel_width, &left, &right);
    // Four columns share each weight where no tap of theirs lies outside.
    long reach = (w->kernel_width - 1) * w->dilation + 3 * w->stride;
    if (channels == DEPTHWISE_WIDTH && sx >= 0 && sx + reach < w->width && column + 4 <= w->columns) {
      float sums[4][DEPTHWISE_WIDTH] = {{0}};
      long step = w->stride * w->pixel;
      for (long ky = top; ky < bottom; ky++) {
        for (long kx = 0; kx < w->kernel_width; kx++) {
          const float *source = x + ((sy + ky * w->dilation) * w->width + sx + kx * w->dilation) * w->pixel;
          const float *factor = weight + (ky * w->kernel_width + kx) * w->channels;
          for (long i = 0; i < DEPTHWISE_WIDTH; i++) {
            sums[0][i] += factor[i] * source[i];
            sums[1][i] += factor[i] * source[step + i];
            sums[2][i] += factor[i] * source[2 * step + i];
            sums[3][i] += factor[i] * source[3 * step + i];
          }
        }
      }
      for (long j = 0; j < 4; j++, column++) {
        for (long i = 0; i < DEPTHWISE_WIDTH; i++) y[column * w->channels + i] = sums[j][i];
      }
      continue;
    }
    KERNEL(depthwise_pixel)
    (w, top, bottom, left, right, sy, sx, channels, x, weight, y + column * w->channels);
    column++;
  }
}

static void KERNEL(kernel_depthwise)(const kernel_window *w, long first, long last, const float *picture,
                                     const float *weight, float *y) {
  for (long row = first; row < last; row++) {
    for (long channel = 0; channel < w->channels; channel += DEPTHWISE_WIDTH) {
      long channels = w->channels - channel < DEPTHWISE_WIDTH ? w->channels - channel : DEPTHWISE_WIDTH;
      KERNEL(depthwise_row)(w, row, channels, picture + channel, weight + channel,
                            y + (row - first) * w->columns * w->channels + channel);
    }
  }
}

static void KERNEL(kernel_depthwise_input)(const kernel_window *w, long first, long last, const float *dy,
                                           const float *weight, float *picture) {
  for (long row = 0; row < w->rows; row++) {
    long top, bottom;
    long sy = row * w->stride - w->top;
    tap_range(sy, w->dilation, w->height, w->kernel_height, &top, &bottom);
    for (long column = 0; column < w->columns; column++) {
      long left, right;
      long sx = column * w->stride - w->left;
      tap_range(sx, w->dilation, w->width, w->kernel_width, &left, &right);
      const float *incoming = dy + (row * w->columns + column) * w->channels;
      for (long ky = top; ky < bottom; ky++) {
        for (long kx = left; kx < right; kx++) {
          float *target = picture + ((sy + ky * w->dilation) * w->width + sx + kx * w->dilation) * w->pixel;
          const float *factor = weight + (ky * w->kernel_width + kx) * w->channels;
          if (last - first == DEPTHWISE_WIDTH) {
            for (long i = first; i < first + DEPTHWISE_WIDTH; i++) target[i] += factor[i] * incoming[i];
          } else {
            for (long i = first; i < last; i++) target[i] += factor[i] * incoming[i];
          }
        }
      }
    }
  }
}

// Sums of a row each are added up row by row.
static void KERNEL(kernel_depthwise_weight)(const kernel_window *w, long first, long last,
                                            const float *picture, const float *dy, float *weight) {
  for (long channel = first; channel < last; channel += DEPTHWISE_WIDTH) {
    long channels = last - channel < DEPTHWISE_WIDTH ? last - channel : DEPTHWISE_WIDTH;
    for (long ky = 0; ky < w->kernel_height; ky++) {
      for (long kx = 0; kx < w->kernel_width; kx++) {
        float *total = weight + (ky * w->kernel_width + kx) * w->channels + channel;
        for (long row = 0; row < w->rows; row++) {
          long sy = row * w->stride + ky * w->dilation - w->top;
          if (sy < 0 || sy >= w->height) continue;
          const float *source = picture + sy * w->width * w->pixel + channel;
          const float *incoming = dy + row * w->columns * w->channels + channel;
          float sums[DEPTHWISE_WIDTH] = {0};
          for (long column = 0; column < w->columns; column++, incoming += w->channels) {
            long sx = column * w->stride + kx * w->dilation - w->left;
            if (sx < 0 || sx >= w->width) continue;
            const float *pixel = source + sx * w->pixel;
            if (channels == DEPTHWISE_WIDTH) {
              for (long i = 0; i < DEPTHWISE_WIDTH; i++) sums[i] += incoming[i] * pixel[i];
            } else {
              for (long i = 0; i < channels; i++) sums[i] += incoming[i] * pixel[i];
            }
          }
          for (long i = 0; i < channels; i++) total[i] += sums[i];
        }
      }
    }
  }
}
