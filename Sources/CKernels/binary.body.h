// y[r, i] = a[r * a_row + i * a_step] (op) b[r * b_row + i * b_step]; the steps are 0 or 1.
#define BINARY(name, expression)                                                                   \
  static void KERNEL(name)(long rows, long n, const float *a, long a_row, long a_step,             \
                           const float *b, long b_row, long b_step, float *restrict y) {           \
    for (long r = 0; r < rows; r++, a += a_row, b += b_row, y += n) {                              \
      if (a_step && b_step) {                                                                      \
        for (long i = 0; i < n; i++) {                                                             \
          const float p = a[i], q = b[i];                                                          \
          y[i] = expression;                                                                       \
        }                                                                                          \
      } else if (a_step) {                                                                         \
        const float q = b[0];                                                                      \
        for (long i = 0; i < n; i++) {                                                             \
          const float p = a[i];                                                                    \
          y[i] = expression;                                                                       \
        }                                                                                          \
      } else if (b_step) {                                                                         \
        const float p = a[0];                                                                      \
        for (long i = 0; i < n; i++) {                                                             \
          const float q = b[i];                                                                    \
          y[i] = expression;                                                                       \
        }                                                                                          \
      } else {                                                                                     \
        const float p = a[0], q = b[0], value = expression;                                        \
        for (long i = 0; i < n; i++) y[i] = value;                                                 \
      }                                                                                            \
    }                                                                                              \
  }

BINARY(kernel_add, p + q)
BINARY(kernel_subtract, p - q)
BINARY(kernel_multiply, p *q)
BINARY(kernel_divide, p / q)
BINARY(kernel_maximum, (p > q || p != p) ? p : q)
BINARY(kernel_minimum, (p < q || p != p) ? p : q)
// What of a gradient goes to the first argument of a maximum or minimum: all, half at a tie, none.
BINARY(kernel_share_greater, p > q ? 1.0f : p == q ? 0.5f : 0.0f)
BINARY(kernel_share_smaller, p < q ? 1.0f : p == q ? 0.5f : 0.0f)
BINARY(kernel_equal, p == q ? 1.0f : 0.0f)
#undef BINARY
