typedef float KERNEL(lanes) __attribute__((ext_vector_type(LANES), aligned(4)));

#define VECTOR KERNEL(lanes)
#define LOAD(p) (*(const VECTOR *)(p))
#define STORE(p, v) (*(VECTOR *)(p) = (v))
#define INLINE static inline __attribute__((always_inline))

// A side of a tile of 4 results sees 6 samples, one of 2 results 4. The samples of one row or column
// to the numbers that are multiplied: polynomials' values at 0, 1, -1, (2, -2) and infinity.
INLINE void KERNEL(from_samples)(const int side, const VECTOR *d, VECTOR *t, const long step) {
  if (side == 4) {
    const VECTOR a = d[4] - 4 * d[2], b = d[3] - 4 * d[1], c = d[4] - d[2], e = d[3] - d[1];
    t[0] = 4 * d[0] + (d[4] - 5 * d[2]);
    t[step] = a + b;
    t[2 * step] = a - b;
    t[3 * step] = c + 2 * e;
    t[4 * step] = c - 2 * e;
    t[5 * step] = 4 * d[1] + (d[5] - 5 * d[3]);
  } else {
    t[0] = d[0] - d[2];
    t[step] = d[1] + d[2];
    t[2 * step] = d[2] - d[1];
    t[3 * step] = d[1] - d[3];
  }
}

// The products of one row or column to the results.
INLINE void KERNEL(to_results)(const int side, const VECTOR *m, VECTOR *o, const long step) {
  const VECTOR s = m[1] + m[2], d = m[1] - m[2];
  if (side == 4) {
    const VECTOR p = m[3] + m[4], q = m[3] - m[4];
    o[0] = m[0] + s + p;
    o[step] = d + 2 * q;
    o[2 * step] = s + 4 * p;
    o[3 * step] = d + 8 * q + m[5];
  } else {
    o[0] = m[0] + s;
    o[step] = d - m[3];
  }
}

// Three weights to as many numbers, for 64 outputs.
INLINE void KERNEL(from_weights)(const int side, const float (*g)[64], const long step,
                                 float (*u)[64], const long by) {
  for (long j = 0; j < 64; j++) {
    const float first = g[0][j], odd = g[step][j], last = g[2 * step][j];
    const float even = first + last;
    if (side == 4) {
      const float quarter = 0.25f * first + last;
      u[0][j] = 0.25f * first;
      u[by][j] = (even + odd) * (-1.0f / 6);
      u[2 * by][j] = (even - odd) * (-1.0f / 6);
      u[3 * by][j] = (quarter + 0.5f * odd) * (1.0f / 6);
      u[4 * by][j] = (quarter - 0.5f * odd) * (1.0f / 6);
      u[5 * by][j] = last;
    } else {
      u[0][j] = first;
      u[by][j] = 0.5f * (even + odd);
      u[2 * by][j] = 0.5f * (even - odd);
      u[3 * by][j] = last;
    }
  }
}

INLINE void KERNEL(input_tiles)(const int side, const kernel_window *w, long first, long last,
                                const float *pictures, const float *zeros, long plane, float *v) {
  const int points = side + 2;
  const long down = (w->rows + side - 1) / side, across = (w->columns + side - 1) / side;
  for (long tile = first; tile < last; tile++, v += w->channels) {
    const float *picture = pictures + tile / (down * across) * w->height * w->width * w->pixel;
    const long y0 = tile / across % down * side - w->top, x0 = tile % across * side - w->left;
    const float *pixels[36];
    for (long i = 0; i < points * points; i++) {
      const long y = y0 + i / points, x = x0 + i % points;
      const int inside = y >= 0 && y < w->height && x >= 0 && x < w->width;
      pixels[i] = inside ? picture + (y * w->width + x) * w->pixel : zeros;
    }
    for (long c = 0; c < w->channels; c += LANES) {
      VECTOR t[36];
#pragma unroll
      for (int i = 0; i < points; i++) {
        VECTOR d[6];
#pragma unroll
        for (int j = 0; j < points; j++) d[j] = LOAD(pixels[points * j + i] + c);
        KERNEL(from_samples)(side, d, t + i, points);
      }
#pragma unroll
      for (int j = 0; j < points; j++) {
        VECTOR r[6];
        KERNEL(from_samples)(side, t + points * j, r, 1);
#pragma unroll
        for (int i = 0; i < points; i++) STORE(v + (points * j + i) * plane + c, r[i]);
      }
    }
  }
}

INLINE void KERNEL(output_tiles)(const int side, const kernel_window *w, long first, long last,
                                 const float *m, long plane, long channel,
                                 const kernel_product *p) {
  const int points = side + 2;
  const long down = (w->rows + side - 1) / side, across = (w->columns + side - 1) / side;
  const float *shift = p->shift ? p->shift + channel : 0;
  const int limit = p->activation;
  for (long tile = first; tile < last; tile++, m += 64) {
    const long y0 = tile / across % down * side, x0 = tile % across * side;
    const long place = (tile / (down * across) * w->rows + y0) * w->columns + x0;
    float *y = p->y + place * p->y_stride + channel;
    const float *residual = p->residual ? p->residual + place * p->residual_stride + channel : 0;
    const long rows = w->rows - y0, columns = w->columns - x0;
    for (long c = 0; c < p->columns; c += LANES) {
      VECTOR t[24];
#pragma unroll
      for (int i = 0; i < points; i++) {
        VECTOR s[6];
#pragma unroll
        for (int j = 0; j < points; j++) s[j] = LOAD(m + c + (points * j + i) * plane);
        KERNEL(to_results)(side, s, t + i, points);
      }
      const VECTOR offset = shift ? LOAD(shift + c) : (VECTOR)0;
#pragma unroll
      for (int j = 0; j < side; j++) {
        if (j >= rows) break;
        VECTOR r[4];
        KERNEL(to_results)(side, t + points * j, r, 1);
#pragma unroll
        for (int i = 0; i < side; i++) {
          if (i >= columns) break;
          const long pixel = j * w->columns + i;
          VECTOR value = r[i] + offset;
          if (residual) value += LOAD(residual + pixel * p->residual_stride + c);
          if (limit) value = value < 0 ? 0 : value;
          if (limit == KERNEL_RELU6) value = value > 6 ? 6 : value;
          STORE(y + pixel * p->y_stride + c, value);
        }
      }
    }
  }
}

// A block of inputs is finished in the cache: its numbers go to places far from each other.
INLINE void KERNEL(weight_panel)(const int side, const kernel_weights *w, float *panel) {
  enum { BLOCK = 8 };
  const int points = side + 2;
  for (long start = 0; start < w->inputs; start += BLOCK) {
    const long end = start + BLOCK < w->inputs ? start + BLOCK : w->inputs;
    float block[36][BLOCK][64];
    for (long k = start; k < end; k++) {
      float g[9][64] = {{0}}, t[18][64], u[36][64];
      for (long j = 0; j < w->outputs; j++) {
        const float *source = w->weight + j * w->output_step + k * w->input_step;
        const float factor = w->scale ? w->scale[j] : 1;
        for (long i = 0; i < 9; i++) g[w->turned ? 8 - i : i][j] = source[i] * factor;
      }
      for (long i = 0; i < 3; i++) KERNEL(from_weights)(side, g + i, 3, t + i, 3);
      for (long i = 0; i < points; i++) {
        KERNEL(from_weights)(side, t + 3 * i, 1, u + points * i, 1);
      }
      for (long i = 0; i < points * points; i++) memcpy(block[i][k - start], u[i], sizeof u[i]);
    }
    for (long i = 0; i < points * points; i++) {
      memcpy(panel + (i * w->inputs + start) * 64, block[i], (unsigned long)(end - start) * 256);
    }
  }
}

static void KERNEL(kernel_winograd_input)(long side, const kernel_window *w, long first, long last,
                                          const float *pictures, const float *zeros, long plane,
                                          float *transformed) {
  if (side == 4) {
    KERNEL(input_tiles)(4, w, first, last, pictures, zeros, plane, transformed);
  } else {
    KERNEL(input_tiles)(2, w, first, last, pictures, zeros, plane, transformed);
  }
}

static void KERNEL(kernel_winograd_output)(long side, const kernel_window *w, long first, long last,
                                           const float *products, long plane, long channel,
                                           const kernel_product *result) {
  if (side == 4) {
    KERNEL(output_tiles)(4, w, first, last, products, plane, channel, result);
  } else {
    KERNEL(output_tiles)(2, w, first, last, products, plane, channel, result);
  }
}

static void KERNEL(kernel_winograd_weights)(long side, const kernel_weights *w, float *panel) {
  if (side == 4) {
    KERNEL(weight_panel)(4, w, panel);
  } else {
    KERNEL(weight_panel)(2, w, panel);
  }
}

#undef VECTOR
#undef LOAD
#undef STORE
#undef INLINE
