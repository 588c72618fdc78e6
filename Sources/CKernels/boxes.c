#define BODY "boxes.body.h"
#include "instantiate.h"

#include "dispatch.h"

void kernel_corners_from_centers(long n, const float *x, float *y) {
  DISPATCH(kernel_corners_from_centers)(n, x, y);
}

void kernel_corners_from_centers_backward(long n, const float *gradient, float *dx) {
  DISPATCH(kernel_corners_from_centers_backward)(n, gradient, dx);
}

void kernel_generalized_iou(long n, const float *a, const float *b, float *y) {
  DISPATCH(kernel_generalized_iou)(n, a, b, y);
}

void kernel_generalized_iou_backward(long n, const float *a, const float *b, const float *gradient,
                                     float *da, float *db) {
  DISPATCH(kernel_generalized_iou_backward)(n, a, b, gradient, da, db);
}
