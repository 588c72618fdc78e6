#include <math.h>

// Rows of a panel that are multiplied at a time; longer ones leave sums in the result meanwhile.
#define BLOCK_DEPTH 1536

#define BODY "product.body.h"
#include "instantiate.h"

#include "dispatch.h"

long kernel_product_depth(void) { return BLOCK_DEPTH; }

long kernel_panel_count(long inner, long columns) { return (columns + 63) / 64 * 64 * inner; }

void kernel_pack_panels(long inner, long columns, const float *b, long inner_stride,
                        long column_stride, const float *column_scale, float *panels) {
  DISPATCH(kernel_pack_panels)
  (inner, columns, b, inner_stride, column_stride, column_scale, panels);
}

void kernel_product_run(const kernel_product *product, long first_row, long last_row,
                        long first_panel, long last_panel) {
  DISPATCH(kernel_product_run)(product, first_row, last_row, first_panel, last_panel);
}
