// Exponential, logarithm, hyperbolic tangent and error function of one float, free of branches so
// that loops around them vectorise; each within 2e-7 of the exact value, relative to it. Included
// by bodies. The polynomials are minimax fits.
#include <string.h>

static inline int KERNEL(bits_of)(float x) {
  int bits;
  memcpy(&bits, &x, 4);
  return bits;
}

static inline float KERNEL(float_of)(int bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

// exp(x) = 2^k exp(r) with |r| <= ln(2)/2. The power is applied in two halves, so that overflow and
// gradual underflow come out right.
static inline float KERNEL(exponential)(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  // Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
  const float rounder = 0x1.8p23f;
  const float shifted = x * 0x1.715476p0f + rounder;
  const float k = shifted - rounder;
  const int power = KERNEL(bits_of)(shifted) - KERNEL(bits_of)(rounder);
  float r = x - k * 0x1.62e400p-1f;
  r = r - k * 0x1.7f7d1cp-20f;
  float p = 0.0013946173812928787f;
  p = 0.00019915662019652527f * r + p;
  p = p * r + 0.008333269561874489f;
  p = p * r + 0.04166626822029801f;
  p = p * r + 0.16666666836820368f;
  p = p * r + 0.5f;
  p = p * (r * r) + r + 1.0f;
  const int half = power >> 1;
  return p * KERNEL(float_of)((half + 127) << 23) * KERNEL(float_of)((power - half + 127) << 23);
}

// log(x) = k log(2) + log(1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), by the series in f / (2 + f).
static inline float KERNEL(logarithm)(float x) {
  const int tiny = x < 0x1p-126f;
  const float scaled = tiny ? x * 0x1p23f : x;
  const int bits = KERNEL(bits_of)(scaled) - 0x3F3504F3;
  const int exponent = bits >> 23;
  const float k = (float)(exponent - (tiny ? 23 : 0));
  const float f = KERNEL(float_of)((bits & 0x007FFFFF) + 0x3F3504F3) - 1.0f;
  const float s = f / (2.0f + f);
  const float z = s * s;
  const float square = 0.5f * f * f;
  float p = 0.23582610867226683f;
  p = p * z + 0.2853728565554667f;
  p = p * z + 0.40000335528982633f;
  p = p * z + 0.6666666564406578f;
  const float fraction = f - (square - (s * (square + p * z) + k * 0x1.7f7d1cp-20f));
  float y = k * 0x1.62e400p-1f + fraction;
  y = x == INFINITY ? x : y;
  y = x == 0 ? -INFINITY : y;
  return x >= 0 ? y : NAN;
}

// log(1 + x) for 0 <= x <= 1: the logarithm of the rounded sum and what the rounding lost.
static inline float KERNEL(logarithm_plus_one)(float x) {
  const float sum = 1.0f + x;
  return KERNEL(logarithm)(sum) + (x - (sum - 1.0f)) / sum;
}

static inline float KERNEL(sigmoid)(float x) { return 1.0f / (1.0f + KERNEL(exponential)(-x)); }

static inline float KERNEL(hyperbolic_tangent)(float x) {
  const float a = fabsf(x), z = x * x;
  float p = -0.00515507f;
  p = p * z + 0.02011161f;
  p = p * z - 0.05356697f;
  p = p * z + 0.13329243f;
  p = p * z - 0.33333197f;
  const float near = x * z * p + x;
  const float far = 1.0f - 2.0f / (KERNEL(exponential)(2.0f * a) + 1.0f);
  return a < 0.625f ? near : copysignf(far, x);
}

// A polynomial near zero, 1 - exp(-polynomial) beyond; from 4 on the result rounds to 1.
static inline float KERNEL(error_function)(float x) {
  const float a = fabsf(x), z = x * x;
  float p = 7.889105598959976e-05f;
  p = p * z - 0.0008020837022122197f;
  p = p * z + 0.005189534847523275f;
  p = p * z - 0.02685444432625935f;
  p = p * z + 0.11283600169574354f;
  p = p * z - 0.3761262713529982f;
  p = p * z + 1.1283791659135936f;
  const float b = a > 4.0f ? 4.0f : a;
  float q = -0.00019150784781095766f;
  q = q * b + 0.0029995752955683484f;
  q = q * b - 0.022052128723942528f;
  q = q * b + 0.10356715184620527f;
  q = q * b + 0.6375997557531874f;
  q = q * b + 1.1274262472286452f;
  q = q * b + 0.0002564082242555443f;
  const float far = 1.0f - KERNEL(exponential)(-q);
  return a < 0.97f ? x * p : copysignf(far, x);
}
