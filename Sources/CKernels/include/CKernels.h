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

/// Runs `rounds` rounds of multiply-adds between registers: what the processor can do at most.
/// arithmetic: 0 floats, 1 pairs of bf16, 2 fours of 8-bit integers. Returns the multiply-adds of one
/// round, 0 where the processor has no such instruction.
long kernel_peak(int arithmetic, long rounds);

// Memory ------------------------------------------------------------------------------------------

/// `count` floats of undefined content, aligned to 64 bytes, or NULL. `*room` goes to `kernel_free`
/// with the memory. Blocks that come and go are kept and taken again; `lasting` ones, such as
/// weights, come from the system and return to it, and waste nothing. Thread-safe.
float *kernel_allocate(long count, int lasting, long *room);
void kernel_free(float *memory, long room);

typedef struct {
  long used;   // bytes of blocks in use, without small and lasting ones
  long kept;   // bytes of blocks that wait to be taken again
  long bound;  // what both together may be
} kernel_memory;

kernel_memory kernel_memory_state(void);
/// Lets the system take the pages that lie wholly within the range and that it can fill again from
/// the file they are mapped from; 0 if it could.
int kernel_forget(const void *start, long bytes);
/// Processors that the process may run on, at least 1.
int kernel_processors(void);
/// Lets the processor rest for a moment in a loop that waits.
void kernel_pause(void);

/// Position of the first element that is infinite or no number; -1 where there is none.
long kernel_first_not_finite(long n, const float *x);

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
/// `residual` (or NULL) is added to x first, and the sum kept in `kept` unless that is NULL.
void kernel_layer_norm(long rows, long n, const float *x, const float *residual,
                       const float *weight, const float *bias, float epsilon, float *kept, float *y,
                       float *means, float *scales);
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

// Products with a packed right factor ------------------------------------------------------------

/// What follows a product.
enum {
  KERNEL_NONE,
  KERNEL_RELU,       // max(x, 0)
  KERNEL_RELU6,      // min(max(x, 0), 6)
  KERNEL_GELU,       // x / 2 * (1 + erf(x / sqrt(2)))
  KERNEL_GELU_TANH,  // the approximation of the above by a hyperbolic tangent
  KERNEL_SILU        // x / (1 + exp(-x))
};

/// y = activation(x * b + shift + residual), where b [segments * inner, columns] is packed.
typedef struct {
  long rows, columns;  // of the result
  /// A row of the left factor is `segments` pieces of `inner` floats.
  long inner, segments;
  /// Without taps, which needs one segment, row r begins at x + r * x_stride.
  const float *x;
  long x_stride;
  /// taps[r * segments + s] is where piece s of row r begins (as a convolution reads its picture), or NULL.
  const float *const *taps;
  /// The right factor as `kernel_pack_panels` writes it, aligned to 64 bytes.
  const float *panels;
  const float *shift;  // [columns] or NULL
  const float *residual;  // [rows, columns], rows `residual_stride` apart, or NULL; may be y
  long residual_stride;
  int activation;
  float *y;
  long y_stride;
  const float *next;  // panels that the next product reads, fetched ahead, or NULL
  /// Which pointers lead to bfloat16 instead, in products in low precision only; strides count these.
  int rounded;
} kernel_product;

/// What may be bfloat16.
static const int KERNEL_ROUNDED_LEFT = 1, KERNEL_ROUNDED_RESIDUAL = 2, KERNEL_ROUNDED_RESULT = 4;

/// The longest rows of a left factor (segments * inner) with which the residual may be the result
/// itself.
long kernel_product_depth(void);
/// Floats that the panels of a right factor take.
long kernel_panel_count(long inner, long columns);
/// Panels of 64 columns, [columns / 64][inner][64], filled up with zeros. Element (k, j) of the right
/// factor is b[k * inner_stride + j * column_stride], times column_scale[j] unless that is NULL.
void kernel_pack_panels(long inner, long columns, const float *b, long inner_stride,
                        long column_stride, const float *column_scale, float *panels);
/// Rows first_row..<last_row of the panels first_panel..<last_panel. An element's bits do not depend
/// on how the result is cut into such calls.
void kernel_product_run(const kernel_product *product, long first_row, long last_row,
                        long first_panel, long last_panel);

// Products in low precision -----------------------------------------------------------------------
// The activations are converted row by row, unless they have the form of the weights already.
// `inner` is the whole length of a row, all segments; it must not be 0. The result and the residual
// may be bfloat16 with the activations that convolutions have: none, ReLU, ReLU6.

/// Sets which instructions for low precision may be used, as far as level 2 is chosen and the
/// processor has them: 1 bfloat16 (AVX-512 BF16), 2 bytes (AVX-512 VNNI), 3 both; for tests.
void kernel_set_dot_products(int allowed);
/// Those of these instructions that are used.
int kernel_dot_products(void);

/// A packed right factor in low precision, in panels of 64 columns filled up with zeros.
typedef struct {
  /// 2: bfloat16, panels [columns / 64][inner / 2][64][2].
  /// 1: whole numbers from -127 to 127, panels [columns / 64][inner / 4][64][4].
  int element_bytes;
  const void *panels;
  /// Of whole numbers: what 1 stands for in each column, and the sum of the column's whole numbers.
  const float *scales, *sums;
} kernel_low_weights;

/// Bytes of the panels.
long kernel_low_panel_bytes(int element_bytes, long inner, long columns);
/// Packs b[k * inner_stride + j * column_stride] * column_scale[j] (or 1): rounded to the nearest
/// bfloat16, or to the nearest of the whole numbers, of which the greatest of each column is 127.
/// `scales` and `sums` have room for whole panels; NULL for bfloat16.
void kernel_low_pack(int element_bytes, long inner, long columns, const float *b, long inner_stride,
                     long column_stride, const float *column_scale, void *panels, float *scales,
                     float *sums);

/// Bytes that a converted row of the left factor takes.
long kernel_low_row_bytes(int element_bytes, long inner);
/// Converts rows of the left factor for multiplication with such weights: rounds them to bfloat16,
/// or each row to 256 levels from its least to its greatest number. A row with NaN becomes NaN in
/// the result; one with an infinity, too, or infinite. `converted` is aligned to 64 bytes.
void kernel_low_convert(const kernel_product *p, int element_bytes, long first_row, long last_row,
                        void *converted);
/// Whether rows of the left factor can be multiplied as they are, without conversion.
int kernel_low_is_converted(const kernel_product *p, int element_bytes);
/// Rows and panels of the product; `converted` holds these rows, NULL where they need no conversion.
/// bfloat16 is summed in 32-bit floats, whole numbers exactly.
void kernel_low_multiply(const kernel_product *p, const kernel_low_weights *weights,
                         const void *converted, long first_row, long last_row, long first_panel,
                         long last_panel);
/// Bytes of scratch memory, aligned to 64 bytes, that kernel_low_run needs for rows to convert.
long kernel_low_scratch(long inner);
/// Conversion and product of rows, some at a time.
void kernel_low_run(const kernel_product *p, const kernel_low_weights *weights, long first_row,
                    long last_row, long first_panel, long last_panel, void *scratch);

/// y = x rounded to the nearest bfloat16, as the products in low precision round
void kernel_round(long count, const float *x, uint16_t *y);
/// y = x as 32-bit floats
void kernel_widen(long count, const uint16_t *x, float *y);

// Convolution -------------------------------------------------------------------------------------

/// How a convolution sees pictures [batch][height][width][pixel], of which it reads `channels`
/// neighbouring ones of the `pixel` floats that lie between a pixel and the next.
typedef struct {
  long channels, pixel, height, width;
  long kernel_height, kernel_width, stride, dilation;
  long top, left;     // zeros before the first row and column
  long rows, columns; // of the result
} kernel_window;

/// patches[position][ky][kx][channel], zero outside the picture, for the positions first..<last of
/// the result, counted row by row and picture by picture
void kernel_unfold(const kernel_window *window, long first, long last, const float *pictures,
                   float *patches);
/// pictures[channel of each pixel that a position sees] += patches[position][ky][kx][channel]
void kernel_fold(const kernel_window *window, long first, long last, const float *patches,
                 float *pictures);
/// y = min(max(y + shift + residual, low), high) for `rows` rows of y and residual; shift [columns]
/// and residual may be NULL
void kernel_row_affine(long rows, long columns, const float *shift, const float *residual,
                       float low, float high, float *y);
/// y[i] = gradient[i] where low < x[i] < high, else 0
void kernel_pass_between(long count, float low, float high, const float *x, const float *gradient,
                         float *y);

/// taps[position][ky][kx] = where the pixel's channels begin, or `zeros` outside the picture, for the
/// positions first..<last as `kernel_unfold` counts them
void kernel_pixel_taps(const kernel_window *window, long first, long last, const float *pictures,
                       const float *zeros, const float **taps);
/// padded[row][column][channel] = `rows` rows of one picture from row `first` on, which may lie
/// outside, each `width` pixels with the window's zeros at the left and as many as fit at the right
void kernel_padded_rows(const kernel_window *window, long first, long rows, long width,
                        const float *picture, float *padded);
/// taps[row][column][ky] = where the kernel's row begins in padded rows, for `rows` rows of the result
void kernel_row_taps(const kernel_window *window, long rows, long width, const float *padded,
                     const float **taps);

/// One panel of a convolution's weights: tap t of input k and output j, j < 64, is
/// weight[j * output_step + k * input_step + t] * scale[j], or tap taps - 1 - t if `turned`.
typedef struct {
  long taps;
  int turned;
  long inputs, outputs;
  const float *weight;
  long output_step, input_step;
  const float *scale;  // [outputs] or NULL
} kernel_weights;

/// panel[tap][input][64], filled up with zeros
void kernel_pack_taps(const kernel_weights *weights, float *panel);

/// Winograd's F(4 x 4, 3 x 3) and F(2 x 2, 3 x 3), as `side` says: tiles of side x side results take
/// (side + 2)^2 products.
/// panel[product][input][64], the transformed 3 x 3 kernels, filled up with zeros
void kernel_winograd_weights(long side, const kernel_weights *weights, float *panel);
/// transformed[product][tile][channel], planes `plane` floats apart, for the tiles first..<last,
/// counted row by row and picture by picture; the channels are a multiple of 16
void kernel_winograd_input(long side, const kernel_window *window, long first, long last,
                           const float *pictures, const float *zeros, long plane,
                           float *transformed);
/// The results of the tiles first..<last from products[product][tile][64]: `result->columns`
/// channels, a multiple of 16, from `channel` on, with shift, residual, RELU or RELU6 of `result`
void kernel_winograd_output(long side, const kernel_window *window, long first, long last,
                            const float *products, long plane, long channel,
                            const kernel_product *result);

/// Convolution of every channel with a kernel of its own, weight[ky][kx][channel]: the rows
/// first..<last of the result of one picture, [row][column][channel]
void kernel_depthwise(const kernel_window *window, long first, long last, const float *picture,
                      const float *weight, float *y);
/// picture += gradient of the above with respect to the channels first..<last of the picture
void kernel_depthwise_input(const kernel_window *window, long first, long last, const float *dy,
                            const float *weight, float *picture);
/// weight += gradient of the above with respect to the kernels of the channels first..<last
void kernel_depthwise_weight(const kernel_window *window, long first, long last,
                             const float *picture, const float *dy, float *weight);

// Interpolation -----------------------------------------------------------------------------------

/// The two sources of each position along one axis; `weight` is that of the higher one.
typedef struct {
  long count;
  const int32_t *low, *high;
  const float *weight;
} kernel_taps;

/// y[row][column][channel] = weighted mean of four pixels of the picture x, whose rows have `width`
/// pixels, for the rows first..<last
void kernel_interpolate(const kernel_taps *rows, const kernel_taps *columns, long width,
                        long channels, long first, long last, const float *x, float *y);
/// dx += gradient of the above for the channels first..<last
void kernel_interpolate_backward(const kernel_taps *rows, const kernel_taps *columns, long width,
                                 long channels, long first, long last, const float *dy, float *dx);

// Pooling -----------------------------------------------------------------------------------------

/// The window of a pooling over one picture [height][width][channels].
typedef struct {
  long height, width, channels;
  long kernel, stride, padding;
  long result_height, result_width;
} kernel_pool;

/// y = the largest number of each window, for the rows first..<last of the result
void kernel_max_pool(const kernel_pool *pool, long first, long last, const float *x, float *y);
/// dx[first largest of each window] += dy, for the channels first..<last
void kernel_max_pool_backward(const kernel_pool *pool, long first, long last, const float *x,
                              const float *dy, float *dx);
/// y = the mean of each window, padding counted as zeros, for the rows first..<last of the result
void kernel_average_pool(const kernel_pool *pool, long first, long last, const float *x,
                         float *y);
/// dx[each of the window] += dy / kernel^2, for the channels first..<last
void kernel_average_pool_backward(const kernel_pool *pool, long first, long last, const float *dy,
                                  float *dx);

// Rearranging -------------------------------------------------------------------------------------

/// y[i * y_stride + j] = x[j * x_stride + i] for i < rows, j < columns
void kernel_transpose(long rows, long columns, const float *x, long x_stride, float *y, long y_stride);
/// y[j] = sum over i of x[i * columns + j]
void kernel_column_sums(long rows, long columns, const float *x, float *y);

// Attention ---------------------------------------------------------------------------------------

/// Queries of one head and the keys they look at. Rows of query, key, value and out lie `..._stride`
/// floats apart.
typedef struct {
  long queries, keys;               // of all samples; of one sample
  long width;                       // of a query and of a key
  long value_width;
  const float *query, *key, *value;
  long query_stride, key_stride, value_stride;
  float scale;                      // of the products of queries and keys
  const float *mask;                // added to the scores, or NULL
  long mask_stride;                 // floats between its rows; 0 for one row that serves all
  const uint8_t *valid;             // [keys]: whether a key counts; or NULL for all
  float dropout;                    // share of weights dropped
  uint64_t dropout_key, position;   // random numbers, and which of them the first weight takes
  float *out;                       // [queries, value width]
  long out_stride;
  float *largest, *inverse;         // [queries]: largest score, one over the sum of exponentials
  // For the forward pass alone, without mask and dropout where there is more than one sample or
  // something shared:
  long samples;                     // one after the other; each has as many queries and keys
  long shared_keys;                 // keys that stand before those of every sample
  const float *shared;              // they and their values, see kernel_attention_pack; or NULL
  const uint8_t *shared_valid;      // [shared keys]: whether a key counts; or NULL for all
} kernel_attention;

/// What is done with an attention.
enum { KERNEL_ATTENTION_FORWARD, KERNEL_ATTENTION_WEIGHTS, KERNEL_ATTENTION_BACKWARD };

/// The gradient of `out`, and where those of the inputs go.
typedef struct {
  const float *out;
  float *query, *key, *value;
  long out_stride, query_stride, key_stride, value_stride;
} kernel_attention_gradients;

/// Floats of scratch memory that a pass of an attention needs.
long kernel_attention_scratch(const kernel_attention *attention, int pass);
/// Floats that packed keys and values take, aligned to 64 bytes.
long kernel_attention_packed(const kernel_attention *attention);
/// Lays out keys and values as the forward pass reads them, for all instruction sets alike.
void kernel_attention_pack(const kernel_attention *attention, float *packed);
/// out = softmax(scale * query key^T + mask) value; fills `largest` and `inverse`. The weights of a
/// query whose keys are all masked are zeros.
void kernel_attention_forward(const kernel_attention *attention, float *scratch);
/// The weights of every key without dropout, [queries, keys]; fills `largest` and `inverse`.
void kernel_attention_weights(const kernel_attention *attention, float *scratch, float *weights);
/// The gradients of query, key and value from what the forward pass left in `out`, `largest` and
/// `inverse`.
void kernel_attention_backward(const kernel_attention *attention,
                               const kernel_attention_gradients *gradients, float *scratch);

// Pictures: 8-bit RGB, three bytes a pixel -------------------------------------------------------

/// Weights per output element of an antialiased resize from `in` to `out` elements: the most that one
/// of them has, rounded up to a multiple of 4.
/// filter: 0 bilinear, 1 bicubic, 2 Lanczos, 3 box, 4 Hamming.
long kernel_resampling_taps(long in, long out, int filter);
/// First source element (`starts`, [out]) and weights ([out, taps], scaled by 2^22, zero past the
/// source's end) of every output element.
void kernel_resampling_weights(
    long in, long out, int filter, long taps, int32_t *starts, int32_t *weights);
/// `rows` rows of `out` pixels from those at `row`, `row_bytes` apart; behind the last one's end
/// 3 * taps + 16 bytes are readable.
void kernel_resample_across(
    long out, long taps, const int32_t *starts, const int32_t *weights, long rows,
    const uint8_t *row, long row_bytes, uint8_t *result);
/// One row of bytes from `taps` rows that lie below one another from `first_row` on.
void kernel_resample_down(
    long row_bytes, long taps, const int32_t *weights, const uint8_t *first_row, uint8_t *result);
/// planes[c][i] = tables[c][pixels[i][c]] for i < count; tables [3, 256], planes [3, stride]
void kernel_normalize_pixels(
    long count, const uint8_t *pixels, const float *tables, float *planes, long stride);

#endif
