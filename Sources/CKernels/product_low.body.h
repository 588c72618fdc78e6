// The frame of the products in low precision. The body that includes this defines ELEMENT, GROUP
// (elements that one instruction multiplies and sums), convert_row and tile.
#include "product_finish.body.h"

static void KERNEL(convert)(const kernel_product *p, long first_row, long last_row,
                            void *converted) {
  const long inner = p->inner * p->segments, stride = low_row_bytes(inner, sizeof(ELEMENT));
  const int rounded = p->rounded & KERNEL_ROUNDED_LEFT;
  char *to = converted;
  for (long row = first_row; row < last_row; row++, to += stride) {
    // Pieces that begin at a place that counts their own elements.
    const void *x = rounded ? (const void *)((const uint16_t *)p->x + row * p->x_stride)
                            : p->x + row * p->x_stride;
    const void *const *taps = p->taps ? (const void *const *)p->taps + row * p->segments : &x;
    struct row_head *head = (struct row_head *)to;
    ELEMENT *elements = (ELEMENT *)(head + 1);
    if (rounded)
      KERNEL(convert_row)(p->segments, p->inner, taps, 1, elements, head);
    else
      KERNEL(convert_row)(p->segments, p->inner, taps, 0, elements, head);
    for (long i = inner; i % GROUP != 0; i++) elements[i] = 0;
  }
}

// `converted` begins with the first of the rows.
static void KERNEL(multiply)(const kernel_product *p, const kernel_low_weights *weights,
                             struct low_rows converted, long first_row, long last_row,
                             long first_panel, long last_panel) {
  const long inner = p->inner * p->segments, groups = (inner + GROUP - 1) / GROUP;
  const long stride = converted.stride;
  // As few tiles as possible, as even as possible.
  const long count = last_row - first_row, tiles = (count + 5) / 6;
  float sums[6 * 64] __attribute__((aligned(64)));
  for (long panel = first_panel; panel < last_panel; panel++)
    for (long t = 0; t < tiles; t++) {
      const long row = t * count / tiles;
      const int rows = (int)((t + 1) * count / tiles - row);
      const char *x = converted.first + row * stride;
      switch (rows) {
        case 1: KERNEL(tile)(1, groups, x, stride, weights, panel, sums); break;
        case 2: KERNEL(tile)(2, groups, x, stride, weights, panel, sums); break;
        case 3: KERNEL(tile)(3, groups, x, stride, weights, panel, sums); break;
        case 4: KERNEL(tile)(4, groups, x, stride, weights, panel, sums); break;
        case 5: KERNEL(tile)(5, groups, x, stride, weights, panel, sums); break;
        default: KERNEL(tile)(6, groups, x, stride, weights, panel, sums);
      }
      KERNEL(finish_tile)(p, first_row + row, rows, panel * 64, sums);
    }
}
