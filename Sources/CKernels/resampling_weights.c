#include "CKernels.h"

#include <math.h>

// The weights must be the same on every processor, to the last bit.
#pragma clang fp contract(off)

// Weights are integers scaled by 2^22: a sum of 8-bit values then fits into 32 bits.
#define PRECISION 22

enum { BILINEAR, BICUBIC, LANCZOS, BOX, HAMMING };

/// Half the width of the filter at scale 1.
static double support_of(int filter) {
  switch (filter) {
  case BICUBIC: return 2.0;
  case LANCZOS: return 3.0;
  case BOX: return 0.5;
  default: return 1.0;
  }
}

static double sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= M_PI;
  return sin(x) / x;
}

/// Keys' cubic with a = -1/2 (R. Keys, "Cubic convolution interpolation for digital image
/// processing", 1981).
static double cubic(double x) {
  const double a = -0.5;
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

static double weight_at(double x, int filter) {
  double far = fabs(x);
  switch (filter) {
  case BICUBIC: return cubic(far);
  case LANCZOS: return x >= -3.0 && x < 3.0 ? sinc(x) * sinc(x / 3.0) : 0.0;
  case BOX: return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
  // Pillow holds the window's two constants in single precision.
  case HAMMING: return far < 1.0 ? sinc(far) * (0.54f + 0.46f * cos(far * M_PI)) : 0.0;
  default: return far < 1.0 ? 1.0 - far : 0.0;
  }
}

/// Source elements per output element; below 1, when enlarging, the filter keeps its width.
static double filter_scale(long in, long out) {
  double scale = (double)in / (double)out;
  return scale < 1.0 ? 1.0 : scale;
}

/// The source elements that reach output element `i`, those of the filter's half width around its
/// `centre`.
static void reach(
    long in, long out, double support, long i, double *centre, long *first, long *count) {
  *centre = ((double)i + 0.5) * ((double)in / (double)out);
  long last = (long)(*centre + support + 0.5);
  if (last > in) last = in;
  *first = (long)(*centre - support + 0.5);
  if (*first < 0) *first = 0;
  *count = last - *first;
}

long kernel_resampling_taps(long in, long out, int filter) {
  double support = support_of(filter) * filter_scale(in, out);
  long most = 1;
  for (long i = 0; i < out; i++) {
    double centre;
    long first, count;
    reach(in, out, support, i, &centre, &first, &count);
    if (count > most) most = count;
  }
  return (most + 3) / 4 * 4;
}

void kernel_resampling_weights(
    long in, long out, int filter, long taps, int32_t *starts, int32_t *weights) {
  double wide = filter_scale(in, out);
  double support = support_of(filter) * wide;
  for (long i = 0; i < out; i++) {
    double centre, inverse = 1.0 / wide, total = 0.0;
    long first, count;
    reach(in, out, support, i, &centre, &first, &count);
    for (long t = 0; t < count; t++) {
      total += weight_at(((double)(t + first) - centre + 0.5) * inverse, filter);
    }
    starts[i] = (int32_t)first;
    for (long t = 0; t < taps; t++) {
      double weight = 0.0;
      if (t < count) weight = weight_at(((double)(t + first) - centre + 0.5) * inverse, filter);
      if (t < count && total != 0.0) weight /= total;
      double scaled = weight * (1 << PRECISION);
      weights[i * taps + t] = (int32_t)(weight < 0 ? scaled - 0.5 : scaled + 0.5);
    }
  }
}
