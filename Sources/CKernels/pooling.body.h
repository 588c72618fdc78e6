#ifndef POOL_RANGE
#define POOL_RANGE
// Channels that are computed at a time: they stay in registers.
enum { POOL_WIDTH = 64 };

// The part of a window that lies inside the picture.
static inline void pool_range(long position, const kernel_pool *p, long extent, long *low,
                              long *high) {
  long start = position * p->stride - p->padding, end = start + p->kernel;
  *low = start < 0 ? 0 : start;
  *high = end > extent ? extent : end;
}
#endif

static inline void KERNEL(max_of_window)(const kernel_pool *p, long channels, long top, long bottom,
                                         long left, long right, const float *x, float *y) {
  float best[POOL_WIDTH];
  for (long i = 0; i < channels; i++) best[i] = -__builtin_inff();
  for (long j = top; j < bottom; j++) {
    const float *source = x + (j * p->width + left) * p->channels;
    for (long k = left; k < right; k++, source += p->channels) {
      // A NaN wins, as in torch.
      for (long i = 0; i < channels; i++) {
        best[i] = ((source[i] > best[i]) | (source[i] != source[i])) ? source[i] : best[i];
      }
    }
  }
  for (long i = 0; i < channels; i++) y[i] = best[i];
}

static void KERNEL(kernel_max_pool)(const kernel_pool *p, long first, long last, const float *x,
                                    float *y) {
  for (long row = first; row < last; row++) {
    long top, bottom;
    pool_range(row, p, p->height, &top, &bottom);
    for (long column = 0; column < p->result_width; column++, y += p->channels) {
      long left, right;
      pool_range(column, p, p->width, &left, &right);
      long channel = 0;
      for (; channel + POOL_WIDTH <= p->channels; channel += POOL_WIDTH) {
        KERNEL(max_of_window)
        (p, POOL_WIDTH, top, bottom, left, right, x + channel, y + channel);
      }
      if (channel < p->channels) {
        KERNEL(max_of_window)
        (p, p->channels - channel, top, bottom, left, right, x + channel, y + channel);
      }
    }
  }
}

static void KERNEL(kernel_max_pool_backward)(const kernel_pool *p, long first, long last,
                                             const float *x, const float *dy, float *dx) {
  for (long row = 0; row < p->result_height; row++) {
    long top, bottom;
    pool_range(row, p, p->height, &top, &bottom);
    for (long column = 0; column < p->result_width; column++, dy += p->channels) {
      long left, right;
      pool_range(column, p, p->width, &left, &right);
      for (long channel = first; channel < last; channel++) {
        long best = (top * p->width + left) * p->channels + channel;
        for (long j = top; j < bottom; j++) {
          for (long i = left; i < right; i++) {
            long place = (j * p->width + i) * p->channels + channel;
            if (x[place] > x[best] || x[place] != x[place]) best = place;
          }
        }
        dx[best] += dy[channel];
      }
    }
  }
}

static void KERNEL(kernel_average_pool)(const kernel_pool *p, long first, long last, const float *x,
                                        float *y) {
  float share = 1.0f / (float)(p->kernel * p->kernel);
  for (long row = first; row < last; row++) {
    long top, bottom;
    pool_range(row, p, p->height, &top, &bottom);
    for (long column = 0; column < p->result_width; column++, y += p->channels) {
      long left, right;
      pool_range(column, p, p->width, &left, &right);
      for (long i = 0; i < p->channels; i++) y[i] = 0;
      for (long j = top; j < bottom; j++) {
        const float *source = x + (j * p->width + left) * p->channels;
        for (long k = left; k < right; k++, source += p->channels) {
          for (long i = 0; i < p->channels; i++) y[i] += source[i];
        }
      }
      for (long i = 0; i < p->channels; i++) y[i] *= share;
    }
  }
}

static void KERNEL(kernel_average_pool_backward)(const kernel_pool *p, long first, long last,
                                                 const float *dy, float *dx) {
  float share = 1.0f / (float)(p->kernel * p->kernel);
  for (long row = 0; row < p->result_height; row++) {
    long top, bottom;
    pool_range(row, p, p->height, &top, &bottom);
    for (long column = 0; column < p->result_width; column++, dy += p->channels) {
      long left, right;
      pool_range(column, p, p->width, &left, &right);
      for (long j = top; j < bottom; j++) {
        float *target = dx + (j * p->width + left) * p->channels;
        for (long k = left; k < right; k++, target += p->channels) {
          for (long i = first; i < last; i++) target[i] += dy[i] * share;
        }
      }
    }
  }
}
