// Positions are counted row by row, one picture after the other.
static void KERNEL(kernel_unfold)(const kernel_window *w, long first, long last,
                                  const float *pictures, float *patches) {
  long area = w->rows * w->columns, across = w->kernel_width * w->channels;
  // The columns of a kernel are neighbours in memory too.
  int dense = w->dilation == 1 && w->pixel == w->channels;
  for (long position = first; position < last; position++) {
    const float *picture = pictures + position / area * w->height * w->width * w->pixel;
    long x = position % w->columns * w->stride - w->left;
    long y = position % area / w->columns * w->stride - w->top;
    for (long ky = 0; ky < w->kernel_height; ky++, y += w->dilation, patches += across) {
      if (y < 0 || y >= w->height) {
        for (long i = 0; i < across; i++) patches[i] = 0;
        continue;
      }
      const float *source = picture + (y * w->width + x) * w->pixel;
      if (dense) {
        long low = x < 0 ? -x * w->channels : 0;
        long high = x + w->kernel_width > w->width ? (w->width - x) * w->channels : across;
        if (high < low) high = low;
        for (long i = 0; i < low; i++) patches[i] = 0;
        for (long i = low; i < high; i++) patches[i] = source[i];
        for (long i = high; i < across; i++) patches[i] = 0;
        continue;
      }
      for (long kx = 0; kx < w->kernel_width; kx++) {
        float *target = patches + kx * w->channels;
        long column = x + kx * w->dilation;
        if (column < 0 || column >= w->width) {
          for (long i = 0; i < w->channels; i++) target[i] = 0;
        } else {
          const float *pixel = source + kx * w->dilation * w->pixel;
          for (long i = 0; i < w->channels; i++) target[i] = pixel[i];
        }
      }
    }
  }
}

static void KERNEL(kernel_fold)(const kernel_window *w, long first, long last,
                                const float *patches, float *pictures) {
  long area = w->rows * w->columns;
  for (long position = first; position < last; position++) {
    float *picture = pictures + position / area * w->height * w->width * w->pixel;
    long x = position % w->columns * w->stride - w->left;
    long y = position % area / w->columns * w->stride - w->top;
    for (long ky = 0; ky < w->kernel_height; ky++, y += w->dilation) {
      for (long kx = 0; kx < w->kernel_width; kx++, patches += w->channels) {
        long column = x + kx * w->dilation;
        if (y < 0 || y >= w->height || column < 0 || column >= w->width) continue;
        float *target = picture + (y * w->width + column) * w->pixel;
        for (long i = 0; i < w->channels; i++) target[i] += patches[i];
      }
    }
  }
}

static void KERNEL(kernel_row_affine)(long rows, long columns, const float *shift,
                                      const float *residual, float low, float high, float *y) {
  for (long row = 0; row < rows; row++, y += columns) {
    if (shift) {
      for (long i = 0; i < columns; i++) y[i] += shift[i];
    }
    if (residual) {
      for (long i = 0; i < columns; i++) y[i] += residual[i];
      residual += columns;
    }
    for (long i = 0; i < columns; i++) {
      // Written so that NaN stays NaN.
      float value = y[i] < low ? low : y[i];
      y[i] = value > high ? high : value;
    }
  }
}

static void KERNEL(kernel_pass_between)(long count, float low, float high, const float *x,
                                        const float *gradient, float *y) {
  for (long i = 0; i < count; i++) y[i] = x[i] > low && x[i] < high ? gradient[i] : 0;
}

static void KERNEL(kernel_pixel_taps)(const kernel_window *w, long first, long last,
                                      const float *pictures, const float *zeros,
                                      const float **taps) {
  const long area = w->rows * w->columns;
  for (long position = first; position < last; position++) {
    const float *picture = pictures + position / area * w->height * w->width * w->pixel;
    const long x0 = position % w->columns * w->stride - w->left;
    const long y0 = position % area / w->columns * w->stride - w->top;
    for (long ky = 0; ky < w->kernel_height; ky++) {
      const long y = y0 + ky * w->dilation;
      for (long kx = 0; kx < w->kernel_width; kx++) {
        const long x = x0 + kx * w->dilation;
        const int inside = y >= 0 && y < w->height && x >= 0 && x < w->width;
        *taps++ = inside ? picture + (y * w->width + x) * w->pixel : zeros;
      }
    }
  }
}

static void KERNEL(kernel_padded_rows)(const kernel_window *w, long first, long rows, long width,
                                       const float *picture, float *padded) {
  const long low = w->left < width ? w->left * w->pixel : width * w->pixel;
  const long past = w->left + w->width < width ? (w->left + w->width) * w->pixel : width * w->pixel;
  for (long y = first; y < first + rows; y++, padded += width * w->pixel) {
    const int inside = y >= 0 && y < w->height;
    const float *source = picture + (y * w->width - w->left) * w->pixel;
    for (long i = 0; i < low; i++) padded[i] = 0;
    for (long i = low; i < past; i++) padded[i] = inside ? source[i] : 0;
    for (long i = past; i < width * w->pixel; i++) padded[i] = 0;
  }
}

static void KERNEL(kernel_row_taps)(const kernel_window *w, long rows, long width,
                                    const float *padded, const float **taps) {
  for (long row = 0; row < rows; row++) {
    for (long column = 0; column < w->columns; column++) {
      for (long ky = 0; ky < w->kernel_height; ky++) {
        *taps++ = padded + ((row * w->stride + ky) * width + column * w->stride) * w->pixel;
      }
    }
  }
}

// Eight outputs of some neighbouring inputs at a time: what is read and what is written stays in the
// first-level cache, also where the weights of outputs lie a power of two apart.
static void KERNEL(kernel_pack_taps)(const kernel_weights *w, float *panel) {
  enum { PANEL = 64, BAND = 8 };
  const long block = w->taps < 16 ? 16 / w->taps : 1;
  float factors[PANEL];
  for (long j = 0; j < w->outputs; j++) factors[j] = w->scale ? w->scale[j] : 1;
  for (long start = 0; start < w->inputs; start += block) {
    const long end = start + block < w->inputs ? start + block : w->inputs;
    for (long first = 0; first < PANEL; first += BAND) {
      for (long k = start; k < end; k++) {
        for (long t = 0; t < w->taps; t++) {
          float *row = panel + (t * w->inputs + k) * PANEL + first;
          const float *source = w->weight + first * w->output_step + k * w->input_step +
                                (w->turned ? w->taps - 1 - t : t);
          if (first + BAND <= w->outputs) {
            for (long j = 0; j < BAND; j++) row[j] = source[j * w->output_step] * factors[first + j];
          } else {
            for (long j = 0; j < BAND; j++) {
              row[j] = first + j < w->outputs ? source[j * w->output_step] * factors[first + j] : 0;
            }
          }
        }
      }
    }
  }
}
