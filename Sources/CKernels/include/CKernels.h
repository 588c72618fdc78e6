// Every kernel of the project. A kernel works on contiguous row-major 32-bit floats, runs on one
// thread, and exists in three versions made from one body: scalar, AVX2 and AVX-512. The version
// is chosen once, at the first call, from what the processor offers (see dispatch.h).
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

// Choice of instruction set -----------------------------------------------------------------------

/// 0 scalar, 1 AVX2, 2 AVX-512: the version that runs.
int kernel_level(void);
/// Lowers (or raises, as far as the processor allows) the version that runs; for tests.
void kernel_set_level(int level);

// Memory ------------------------------------------------------------------------------------------

/// `count` floats aligned to 64 bytes, or NULL; freed with kernel_free.
float *kernel_allocate(long count);
void kernel_free(float *memory);

// Accumulation ------------------------------------------------------------------------------------

/// y[i] += x[i]
void kernel_accumulate(long count, const float *x, float *y);

// Optimisation ------------------------------------------------------------------------------------

/// The sum of x[i] * x[i], taken in double and in an order that does not depend on the version.
double kernel_sum_of_squares(long count, const float *x);

/// What is the same for every element of a parameter in one step of AdamW.
struct kernel_adamw_step {
  float gradient_scale;          // multiplies the gradient (clipping)
  float decay;                   // 1 - learning rate * weight decay
  float rate;                    // learning rate / (1 - beta1^t)
  float beta2;                   // decay of the second moment
  float rest1, rest2;            // 1 - beta1, 1 - beta2
  float second_correction_root;  // sqrt(1 - beta2^t)
  float epsilon;
};

/// One step of AdamW: updates the first and second moment and the value in place.
void kernel_adamw(long count, const struct kernel_adamw_step *step, const float *gradient, float *first, float *second, float *value);

/// y[i] += weight * (x[i] - y[i])
void kernel_blend(long count, float weight, const float *x, float *y);

// Arithmetic of two arguments ---------------------------------------------------------------------

/// y[r, i] = a[r * a_row + i * a_step] + b[r * b_row + i * b_step], r < rows, i < n; the steps are 0
/// (one value a row) or 1; y is [rows, n]. The other operations read their arguments alike.
void kernel_add(long rows, long n, const float *a, long a_row, long a_step, const float *b,
                long b_row, long b_step, float *y);
void kernel_subtract(long rows, long n, const float *a, long a_row, long a_step, const float *b,
                     long b_row, long b_step, float *y);
void kernel_multiply(long rows, long n, const float *a, long a_row, long a_step, const float *b,
                     long b_row, long b_step, float *y);
void kernel_divide(long rows, long n, const float *a, long a_row, long a_step, const float *b,
                   long b_row, long b_step, float *y);
/// The greater of both; NaN when one of them is.
void kernel_maximum(long rows, long n, const float *a, long a_row, long a_step, const float *b,
                    long b_row, long b_step, float *y);
/// The smaller of both; NaN when one of them is.
void kernel_minimum(long rows, long n, const float *a, long a_row, long a_step, const float *b,
                    long b_row, long b_step, float *y);
/// 1 where a > b, 0.5 where they are equal, 0 elsewhere.
void kernel_share_greater(long rows, long n, const float *a, long a_row, long a_step,
                          const float *b, long b_row, long b_step, float *y);
/// 1 where a = b, 0 elsewhere.
void kernel_equal(long rows, long n, const float *a, long a_row, long a_step, const float *b,
                  long b_row, long b_step, float *y);
/// 1 where a < b, 0.5 where they are equal, 0 elsewhere.
void kernel_share_smaller(long rows, long n, const float *a, long a_row, long a_step,
                          const float *b, long b_row, long b_step, float *y);

// Reductions --------------------------------------------------------------------------------------

/// y[r] = sum of x[r, :]; x is [rows, n].
void kernel_sum_rows(long rows, long n, const float *x, float *y);
/// y[i] = sum of x[:, i]; x is [rows, n].
void kernel_sum_columns(long rows, long n, const float *x, float *y);
/// y[r] = greatest of x[r, :], NaN if any is; x is [rows, n], n > 0.
void kernel_maximum_rows(long rows, long n, const float *x, float *y);
/// y[i] = greatest of x[:, i], NaN if any is; x is [rows, n], rows > 0.
void kernel_maximum_columns(long rows, long n, const float *x, float *y);
/// y[r] = first position of the greatest of x[r, :], or of NaN; x is [rows, n], n > 0.
void kernel_argmax_rows(long rows, long n, const float *x, long *y);

// Functions of one argument -----------------------------------------------------------------------

/// y = max(x, 0)
void kernel_relu(long n, const float *x, float *y);
void kernel_sigmoid(long n, const float *x, float *y);
void kernel_tanh(long n, const float *x, float *y);
void kernel_exponential(long n, const float *x, float *y);
/// The natural logarithm.
void kernel_logarithm(long n, const float *x, float *y);
void kernel_square_root(long n, const float *x, float *y);
/// y = |x|
void kernel_magnitude(long n, const float *x, float *y);
/// y = x / 2 * (1 + erf(x / sqrt(2)))
void kernel_gelu(long n, const float *x, float *y);
/// y = x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))
void kernel_gelu_tanh(long n, const float *x, float *y);
/// y = x within [low, high]
void kernel_clamp(long n, float low, float high, const float *x, float *y);

/// The gradient of the input from the output (relu, sigmoid, tanh, square root) or the input
/// (magnitude, gelu) and the gradient of the output.
void kernel_relu_backward(long n, const float *kept, const float *gradient, float *y);
void kernel_sigmoid_backward(long n, const float *kept, const float *gradient, float *y);
void kernel_tanh_backward(long n, const float *kept, const float *gradient, float *y);
void kernel_square_root_backward(long n, const float *kept, const float *gradient, float *y);
void kernel_magnitude_backward(long n, const float *kept, const float *gradient, float *y);
void kernel_gelu_backward(long n, const float *kept, const float *gradient, float *y);
void kernel_gelu_tanh_backward(long n, const float *kept, const float *gradient, float *y);
/// The gradient where low <= x <= high, 0 elsewhere.
void kernel_clamp_backward(long n, float low, float high, const float *x, const float *gradient,
                           float *y);

// Normalisation and softmax -----------------------------------------------------------------------

/// Softmax of each row of [rows, n]; the logarithm of each row's sum of exponentials goes to
/// log_sums [rows] unless that is NULL.
void kernel_softmax_rows(long rows, long n, const float *x, float *y, float *log_sums);
/// dx = y * (gradient - sum(y * gradient)), row by row.
void kernel_softmax_rows_backward(long rows, long n, const float *y, const float *gradient,
                                  float *dx);
void kernel_log_softmax_rows(long rows, long n, const float *x, float *y);
/// dx = gradient - exp(y) * sum(gradient), row by row.
void kernel_log_softmax_rows_backward(long rows, long n, const float *y, const float *gradient,
                                      float *dx);
/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias for each row of [rows, n]; keeps each
/// row's mean and 1 / sqrt(variance + epsilon).
void kernel_layer_norm(long rows, long n, const float *x, const float *weight, const float *bias,
                       float epsilon, float *y, float *means, float *scales);
/// Gradients of the layer norm; d_weight and d_bias [n] are summed over the rows in their order.
void kernel_layer_norm_backward(long rows, long n, const float *x, const float *weight,
                                const float *means, const float *scales, const float *gradient,
                                float *dx, float *d_weight, float *d_bias);

// Dropout -----------------------------------------------------------------------------------------

/// y[i] = x[i] * scale, or 0 where the 24 random bits at position first + i are below threshold.
void kernel_dropout(long n, long first, uint64_t key, uint32_t threshold, float scale,
                    const float *x, float *y);

// Losses ------------------------------------------------------------------------------------------

/// sum |a - b|
double kernel_absolute_difference(long n, const float *a, const float *b);
/// da = scale * sign(a - b)
void kernel_absolute_difference_backward(long n, const float *a, const float *b, float scale,
                                         float *da);
/// sum of log(1 + exp(x)) - x * target
double kernel_logistic_loss(long n, const float *x, const float *targets);
/// dx = (sigmoid(x) - target) * scale
void kernel_logistic_loss_backward(long n, const float *x, const float *targets, float scale,
                                   float *dx);

// Boxes -------------------------------------------------------------------------------------------

/// [n, 4] (center x, center y, width, height) to (left, top, right, bottom).
void kernel_corners_from_centers(long n, const float *x, float *y);
void kernel_corners_from_centers_backward(long n, const float *gradient, float *dx);
/// Generalized intersection over union of pairs of corner boxes [n, 4]; y is [n].
void kernel_generalized_iou(long n, const float *a, const float *b, float *y);
void kernel_generalized_iou_backward(long n, const float *a, const float *b, const float *gradient,
                                     float *da, float *db);

// Convolution -------------------------------------------------------------------------------------

/// The part of a picture that some rows of a convolution's result see.
typedef struct {
  long channels, height, width;
  long kernel_height, kernel_width, stride, dilation;
  long top, left;           // zeros before the first row and column
  long first_row, last_row; // rows of the result, the last one not included
  long columns;             // of the result
} kernel_window;

/// patches[channel][ky][kx][row][column] from picture[channel][y][x], zero outside the picture
void kernel_unfold(const kernel_window *window, const float *picture, float *patches);
/// picture[channel][y][x] += patches[channel][ky][kx][row][column]
void kernel_fold(const kernel_window *window, const float *patches, float *picture);
/// y = min(max(y * scale + shift + residual, low), high), a row a channel, rows `stride` apart;
/// scale, shift and residual may be NULL
void kernel_channel_affine(long channels, long columns, long stride, const float *scale,
                           const float *shift, const float *residual, float low, float high,
                           float *y);
/// y[i] = gradient[i] where low < x[i] < high, else 0
void kernel_pass_between(long count, float low, float high, const float *x, const float *gradient,
                         float *y);

/// Convolution of one channel with one kernel: rows first_row..<last_row of the result; the window
/// has one channel and `picture` is the channel's plane.
void kernel_depthwise(const kernel_window *window, const float *picture, const float *weight, float *y);
/// picture += gradient of the above with respect to the plane
void kernel_depthwise_input(const kernel_window *window, const float *dy, const float *weight, float *picture);
/// weight += gradient of the above with respect to the kernel
void kernel_depthwise_weight(const kernel_window *window, const float *picture, const float *dy, float *weight);

// Interpolation -----------------------------------------------------------------------------------

/// The two sources of each position along one axis; `weight` is that of the higher one.
typedef struct {
  long count;
  const int32_t *low, *high;
  const float *weight;
} kernel_taps;

/// y[j][i] = weighted mean of four elements of the plane x, whose rows have `width` elements
void kernel_interpolate(const kernel_taps *rows, const kernel_taps *columns, long width, const float *x, float *y);
/// dx += gradient of the above
void kernel_interpolate_backward(const kernel_taps *rows, const kernel_taps *columns, long width, const float *dy,
                                 float *dx);

// Pooling -----------------------------------------------------------------------------------------

/// The window of a pooling over one plane of a picture.
typedef struct {
  long height, width;
  long kernel, stride, padding;
  long result_height, result_width;
} kernel_pool;

/// y = the largest number of each window
void kernel_max_pool(const kernel_pool *pool, const float *x, float *y);
/// dx[first largest of each window] += dy
void kernel_max_pool_backward(const kernel_pool *pool, const float *x, const float *dy, float *dx);
/// y = the mean of each window, padding counted as zeros
void kernel_average_pool(const kernel_pool *pool, const float *x, float *y);
/// dx[each of the window] += dy / kernel^2
void kernel_average_pool_backward(const kernel_pool *pool, const float *dy, float *dx);

// Rearranging -------------------------------------------------------------------------------------

/// y[i * y_stride + j] = x[j * x_stride + i] for i < rows, j < columns
void kernel_transpose(long rows, long columns, const float *x, long x_stride, float *y, long y_stride);
/// y[j] = sum over i of x[i * columns + j]
void kernel_column_sums(long rows, long columns, const float *x, float *y);
/// dots[i] = sum over j of x[i * stride + j] * y[i * stride + j]
void kernel_row_dots(long rows, long columns, const float *x, const float *y, long stride, float *dots);

// Attention ---------------------------------------------------------------------------------------

/// Softmax of `scale * scores + mask` along each row, in place. `mask` (or NULL) has `mask_stride`
/// floats between its rows; `valid` (or NULL) says which columns count in every row. A row in which
/// nothing counts becomes zeros. `largest` and `inverse` keep what `kernel_attention_recall` needs
/// to make the same weights, bit for bit, from the same scores again.
void kernel_attention_weights(long rows, long columns, float scale, const float *mask, long mask_stride,
                              const uint8_t *valid, float *scores, float *largest, float *inverse);
void kernel_attention_recall(long rows, long columns, float scale, const float *mask, long mask_stride,
                             const uint8_t *valid, float *scores, const float *largest, const float *inverse);
/// Sets a weight to zero where the random number at its position is below `rate`, and divides the
/// others by `1 - rate`.
void kernel_attention_dropout(long count, uint64_t key, uint64_t position, float rate, float *weights);
/// From the gradient of the weights after dropout to that of the scores, in place; `totals[i]` is the
/// sum of weight times gradient along the row. `weights` go in before dropout and come out after it.
void kernel_attention_gradient(long rows, long columns, uint64_t key, uint64_t position, float rate,
                               const float *totals, float *weights, float *gradient);

// Pictures: 8-bit RGB, three bytes a pixel -------------------------------------------------------

/// Weights per output element of an antialiased resize from `in` to `out` elements, a multiple of 4.
/// filter: 0 bilinear, 1 bicubic, 2 Lanczos, 3 box, 4 Hamming.
long kernel_resampling_taps(long in, long out, int filter);
/// First source element (`starts`, [out]) and weights ([out, taps], scaled by 2^22, zero past the
/// source's end) of every output element.
void kernel_resampling_weights(
    long in, long out, int filter, long taps, int32_t *starts, int32_t *weights);
/// One row of `out` pixels from the row at `row`, behind which 3 * taps + 16 bytes are readable.
void kernel_resample_across(
    long out, long taps, const int32_t *starts, const int32_t *weights, const uint8_t *row,
    uint8_t *result);
/// One row of bytes from `taps` rows that lie below one another from `first_row` on.
void kernel_resample_down(
    long row_bytes, long taps, const int32_t *weights, const uint8_t *first_row, uint8_t *result);
/// planes[c][i] = tables[c][pixels[i][c]]; tables [3, 256], planes [3, count]
void kernel_normalize_pixels(
    long count, const uint8_t *pixels, const float *tables, float *planes);

#endif
