#include "functions.body.h"
#include "transpose.body.h"

#define PANEL 64
#define TILE_ROWS 6
// Vectors across a tile: 24 of the 32 registers of AVX-512 are sums, 12 of 16 elsewhere.
#define VECTORS (LANES == 16 ? 4 : 2)
#define INLINE static inline __attribute__((always_inline))

typedef float KERNEL(vector) __attribute__((ext_vector_type(LANES), aligned(4)));

// Sums of one tile over `segments` pieces of `inner` floats. `left[r]` begins row r's first piece;
// with `taps` the further pieces of row r begin at taps[r * stride + s]. While it goes through the
// panel it fetches the lines that the next panel needs, `step` bytes for each position.
INLINE void KERNEL(sum_tile)(const int rows, const int vectors, const float *const *left,
                             const float *const *taps, long tap_stride, long segments, long inner,
                             const float *panel, const char *next, long step,
                             KERNEL(vector) sums[TILE_ROWS][VECTORS]) {
  for (long segment = 0; segment < segments; segment++) {
    const float *x[TILE_ROWS];
#pragma unroll
    for (int r = 0; r < rows; r++) x[r] = taps ? taps[r * tap_stride + segment] : left[r];
    for (long k = 0; k < inner; k++) {
      KERNEL(vector) w[VECTORS];
#pragma unroll
      for (int v = 0; v < vectors; v++) w[v] = *(const KERNEL(vector) *)(panel + v * LANES);
#pragma unroll
      for (int r = 0; r < rows; r++) {
        const KERNEL(vector) value = x[r][k];
#pragma unroll
        for (int v = 0; v < vectors; v++) sums[r][v] += value * w[v];
      }
      __builtin_prefetch(next);
      next += step;
      panel += PANEL;
    }
  }
}

// What follows the product, on `columns` numbers of one row.
INLINE void KERNEL(activate)(int activation, long columns, float *y) {
  switch (activation) {
  case KERNEL_GELU:
    for (long i = 0; i < columns; i++) {
      y[i] = 0.5f * y[i] * (1.0f + KERNEL(error_function)(y[i] * 0.70710678f));
    }
    break;
  case KERNEL_GELU_TANH:
    for (long i = 0; i < columns; i++) {
      const float x = y[i];
      y[i] = 0.5f * x *
             (1.0f + KERNEL(hyperbolic_tangent)(0.79788456f * (x + 0.044715f * x * x * x)));
    }
    break;
  case KERNEL_SILU:
    for (long i = 0; i < columns; i++) y[i] = y[i] * KERNEL(sigmoid)(y[i]);
    break;
  default: break;
  }
}

// One tile of the result: its sums, what earlier blocks of the inner extent left in it, and in the
// last block what follows the product. `columns` may be less than the vectors hold.
INLINE void KERNEL(tile)(const int rows, const int vectors, const kernel_product *p, long row,
                         long column, long columns, long segment, long segments, long offset,
                         long inner, const float *panel, const char *next, long step) {
  const int begins = segment == 0 && offset == 0;
  const int ends = segment + segments == p->segments && offset + inner == p->inner;
  const float *left[TILE_ROWS];
  KERNEL(vector) sums[TILE_ROWS][VECTORS];
  float edge[TILE_ROWS][PANEL];
  const int whole = columns == (long)vectors * LANES;
  float *y = p->y + row * p->y_stride + column;
#pragma unroll
  for (int r = 0; r < rows; r++) {
    left[r] = p->taps ? 0 : p->x + (row + r) * p->x_stride + offset;
    if (!begins && !whole) {
      memcpy(edge[r], y + r * p->y_stride, (unsigned long)columns * sizeof(float));
    }
    const float *earlier = whole ? y + r * p->y_stride : edge[r];
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      sums[r][v] = begins ? (KERNEL(vector))0 : *(const KERNEL(vector) *)(earlier + v * LANES);
    }
  }
  // What the last step adds is on its way while the sums are taken.
  if (ends && p->residual) {
#pragma unroll
    for (int r = 0; r < rows; r++) {
      const float *residual = p->residual + (row + r) * p->residual_stride + column;
#pragma unroll
      for (int v = 0; v < vectors; v++) __builtin_prefetch(residual + v * LANES);
    }
  }
  KERNEL(sum_tile)
  (rows, vectors, left, p->taps ? p->taps + row * p->segments + segment : 0, p->segments, segments,
   inner, panel, next, step, sums);
  const int relu = p->activation == KERNEL_RELU || p->activation == KERNEL_RELU6;
#pragma unroll
  for (int r = 0; r < rows; r++) {
    float *target = whole ? y + r * p->y_stride : edge[r];
    if (ends && whole) {
      const float *residual = p->residual ? p->residual + (row + r) * p->residual_stride + column : 0;
#pragma unroll
      for (int v = 0; v < vectors; v++) {
        if (p->shift) sums[r][v] += *(const KERNEL(vector) *)(p->shift + column + v * LANES);
        if (residual) sums[r][v] += *(const KERNEL(vector) *)(residual + v * LANES);
        if (relu) sums[r][v] = sums[r][v] < 0 ? 0 : sums[r][v];
        if (p->activation == KERNEL_RELU6) sums[r][v] = sums[r][v] > 6 ? 6 : sums[r][v];
      }
    }
#pragma unroll
    for (int v = 0; v < vectors; v++) *(KERNEL(vector) *)(target + v * LANES) = sums[r][v];
    if (!whole) {
      for (long i = 0; ends && i < columns; i++) {
        float sum = edge[r][i];
        if (p->shift) sum += p->shift[column + i];
        if (p->residual) sum += p->residual[(row + r) * p->residual_stride + column + i];
        if (relu) sum = sum < 0 ? 0 : sum;
        if (p->activation == KERNEL_RELU6) sum = sum > 6 ? 6 : sum;
        edge[r][i] = sum;
      }
      memcpy(y + r * p->y_stride, edge[r], (unsigned long)columns * sizeof(float));
    }
    if (ends && p->activation > KERNEL_RELU6) {
      KERNEL(activate)(p->activation, columns, y + r * p->y_stride);
    }
  }
}

// A function of its own for each height and width, so that the sums stay in registers.
#define TILE(rows, vectors)                                                                        \
  static __attribute__((noinline)) void KERNEL(tile_##rows##_##vectors)(                          \
      const kernel_product *p, long row, long column, long columns, long segment, long segments,   \
      long offset, long inner, const float *panel, const char *next, long step) {                  \
    KERNEL(tile)(rows, vectors, p, row, column, columns, segment, segments, offset, inner, panel,  \
                 next, step);                                                                      \
  }
#define TILES(vectors)                                                                             \
  TILE(1, vectors) TILE(2, vectors) TILE(3, vectors) TILE(4, vectors) TILE(5, vectors) TILE(6, vectors)
#define NAMES(vectors)                                                                             \
  {KERNEL(tile_1_##vectors), KERNEL(tile_2_##vectors), KERNEL(tile_3_##vectors),                   \
   KERNEL(tile_4_##vectors), KERNEL(tile_5_##vectors), KERNEL(tile_6_##vectors)}

typedef void (*KERNEL(tile_function))(const kernel_product *, long, long, long, long, long, long,
                                      long, const float *, const char *, long);
TILES(1)
TILES(2)
#if LANES == 16
TILES(3)
TILES(4)
static const KERNEL(tile_function) KERNEL(tiles)[VECTORS][TILE_ROWS] = {NAMES(1), NAMES(2), NAMES(3),
                                                                        NAMES(4)};
#else
static const KERNEL(tile_function) KERNEL(tiles)[VECTORS][TILE_ROWS] = {NAMES(1), NAMES(2)};
#endif
#undef TILE
#undef TILES
#undef NAMES

// Rows first..<last of one panel, for the block of the inner extent that begins at (segment, offset).
static void KERNEL(panel_rows)(const kernel_product *p, long first, long last, long index,
                               long segment, long segments, long offset, long inner,
                               const float *next) {
  const long start = index * PANEL;
  const long columns = p->columns - start < PANEL ? p->columns - start : PANEL;
  const long depth = p->segments * p->inner;
  const float *panel =
      p->panels + start * depth + (segment * p->inner + offset) * PANEL;
  const long width = VECTORS * LANES;
  // As few tiles as possible, as even as possible.
  const long tiles = (last - first + TILE_ROWS - 1) / TILE_ROWS;
  const long bytes = segments * inner * PANEL * (long)sizeof(float);
  for (long part = 0; part < columns; part += width) {
    const long wide = columns - part < width ? columns - part : width;
    const long vectors = (wide + LANES - 1) / LANES;
    for (long t = 0; t < tiles; t++) {
      const long row = first + t * (last - first) / tiles;
      const long rows = first + (t + 1) * (last - first) / tiles - row;
      // Few tiles share the fetching of the next panel among them.
      const long share = next && tiles <= 32 && part == 0 ? bytes / tiles : 0;
      const char *fetched = share ? (const char *)next + t * share : (const char *)panel;
      KERNEL(tiles)[vectors - 1][rows - 1](p, row, start + part, wide, segment, segments, offset,
                                           inner, panel + part, fetched,
                                           share / (segments * inner));
    }
  }
}

static void KERNEL(kernel_product_run)(const kernel_product *p, long first_row, long last_row,
                                       long first_panel, long last_panel) {
  const long depth = p->segments * p->inner;
  // A block of the inner extent takes at most half of the second-level cache for its part of a
  // panel, and the rows of a block of the left factor the rest.
  const long blocks = (depth + BLOCK_DEPTH - 1) / BLOCK_DEPTH;
  const int split = p->segments == 1;
  for (long block = 0; block < blocks; block++) {
    const long extent = split ? p->inner : p->segments;
    const long from = block * extent / blocks, to = (block + 1) * extent / blocks;
    if (from == to) continue;
    const long segment = split ? 0 : from, segments = split ? 1 : to - from;
    const long offset = split ? from : 0, inner = split ? to - from : p->inner;
    const long length = segments * inner;
    long height = 98304 / length;
    if (height < 8 * TILE_ROWS) height = 8 * TILE_ROWS;
    // Even blocks: a few rows that are left over would read all panels once more.
    const long count = last_row - first_row;
    const long high = count > height / 4 ? (count - height / 4 + height - 1) / height : 1;
    height = ((count + high - 1) / high + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
    for (long row = first_row; row < last_row; row += height) {
      const long end = row + height < last_row ? row + height : last_row;
      for (long panel = first_panel; panel < last_panel; panel++) {
        const float *next = panel + 1 < last_panel
                                ? p->panels + (panel + 1) * PANEL * depth +
                                      (segment * p->inner + offset) * PANEL
                                : p->next;
        KERNEL(panel_rows)(p, row, end, panel, segment, segments, offset, inner, next);
      }
    }
  }
}

// A panel of a matrix whose columns lie apart in memory and whose rows lie next to each other: whole
// tiles are transposed in registers.
INLINE void KERNEL(pack_transposed)(long inner, long wide, const float *b, long column_stride,
                                    float *panel) {
  const long whole = inner / LANES * LANES, tiles = wide / LANES * LANES;
  for (long k = 0; k < whole; k += LANES) {
    for (long j = 0; j < tiles; j += LANES)
      KERNEL(transpose_tile)(b + j * column_stride + k, column_stride, panel + k * PANEL + j, PANEL);
    for (long j = tiles; j < wide; j++)
      for (long l = k; l < k + LANES; l++) panel[l * PANEL + j] = b[j * column_stride + l];
  }
  for (long k = whole; k < inner; k++)
    for (long j = 0; j < wide; j++) panel[k * PANEL + j] = b[j * column_stride + k];
}

static void KERNEL(kernel_pack_panels)(long inner, long columns, const float *b, long inner_stride,
                                       long column_stride, const float *scale, float *panels) {
  for (long start = 0; start < columns; start += PANEL) {
    const long wide = columns - start < PANEL ? columns - start : PANEL;
    float *panel = panels + start * inner;
    const float *from = b + start * column_stride;
    if (inner_stride == 1) {
      KERNEL(pack_transposed)(inner, wide, from, column_stride, panel);
    } else {
      // Blocks of 16 positions: columns that lie far apart are walked a line at a time.
      const unsigned long bytes = (unsigned long)wide * sizeof(float);
      const long height = column_stride == 1 ? 1 : 16;
      for (long block = 0; block < inner; block += height) {
        const long end = block + height < inner ? block + height : inner;
        if (column_stride == 1) memcpy(panel + block * PANEL, from + block * inner_stride, bytes);
        for (long j = 0; column_stride != 1 && j < wide; j++)
          for (long k = block; k < end; k++)
            panel[k * PANEL + j] = from[j * column_stride + k * inner_stride];
      }
    }
    for (long k = 0; k < inner; k++) {
      for (long j = 0; scale && j < wide; j++) panel[k * PANEL + j] *= scale[start + j];
      for (long j = wide; j < PANEL; j++) panel[k * PANEL + j] = 0;
    }
  }
}

#undef PANEL
#undef TILE_ROWS
#undef VECTORS
#undef INLINE
