#ifndef POOL_WINDOW
#define POOL_WINDOW
// The part of a window that lies inside the plane.
static inline void pool_range(long position, const kernel_pool *p, long extent, long *low,
                              long *high) {
  long start = position * p->stride - p->padding, end = start + p->kernel;
  *low = start < 0 ? 0 : start;
  *high = end > extent ? extent : end;
}
#endif

// One element of the window after the other, for a whole row of the result: the loops over the
// columns are vectorised.
static void KERNEL(kernel_max_pool)(const kernel_pool *p, const float *x, float *y) {
  for (long row = 0; row < p->result_height; row++, y += p->result_width) {
    for (long column = 0; column < p->result_width; column++) y[column] = -__builtin_inff();
    long top, bottom;
    pool_range(row, p, p->height, &top, &bottom);
    for (long j = top; j < bottom; j++) {
      for (long i = 0; i < p->kernel; i++) {
        long offset = i - p->padding;
        long first = offset >= 0 ? 0 : (-offset + p->stride - 1) / p->stride;
        long last = p->width - 1 - offset < 0 ? 0 : (p->width - 1 - offset) / p->stride + 1;
        if (last > p->result_width) last = p->result_width;
        const float *source = x + j * p->width + offset;
        // A NaN wins, as in torch.
        if (p->stride == 2) {
          for (long column = first; column < last; column++) {
            float value = source[2 * column];
            y[column] = ((value > y[column]) | (value != value)) ? value : y[column];
          }
        } else {
          for (long column = first; column < last; column++) {
            float value = source[column * p->stride];
            y[column] = ((value > y[column]) | (value != value)) ? value : y[column];
          }
        }
      }
    }
  }
}

static void KERNEL(kernel_max_pool_backward)(const kernel_pool *p, const float *x, const float *dy,
                                             float *dx) {
  for (long row = 0; row < p->result_height; row++) {
    long top, bottom;
    pool_range(row, p, p->height, &top, &bottom);
    for (long column = 0; column < p->result_width; column++) {
      long left, right;
      pool_range(column, p, p->width, &left, &right);
      long best = top * p->width + left;
      for (long j = top; j < bottom; j++) {
        for (long i = left; i < right; i++) {
          float value = x[j * p->width + i];
          if (value > x[best] || value != value) best = j * p->width + i;
        }
      }
      dx[best] += *dy++;
    }
  }
}

static void KERNEL(kernel_average_pool)(const kernel_pool *p, const float *x, float *y) {
  float share = 1.0f / (float)(p->kernel * p->kernel);
  for (long row = 0; row < p->result_height; row++) {
    long top, bottom;
    pool_range(row, p, p->height, &top, &bottom);
    for (long column = 0; column < p->result_width; column++) {
      long left, right;
      pool_range(column, p, p->width, &left, &right);
      float sum = 0;
      for (long j = top; j < bottom; j++) {
        for (long i = left; i < right; i++) sum += x[j * p->width + i];
      }
      *y++ = sum * share;
    }
  }
}

static void KERNEL(kernel_average_pool_backward)(const kernel_pool *p, const float *dy, float *dx) {
  float share = 1.0f / (float)(p->kernel * p->kernel);
  for (long row = 0; row < p->result_height; row++) {
    long top, bottom;
    pool_range(row, p, p->height, &top, &bottom);
    for (long column = 0; column < p->result_width; column++) {
      long left, right;
      pool_range(column, p, p->width, &left, &right);
      float value = *dy++ * share;
      for (long j = top; j < bottom; j++) {
        for (long i = left; i < right; i++) dx[j * p->width + i] += value;
      }
    }
  }
}
