static void KERNEL(kernel_corners_from_centers)(long n, const float *x, float *restrict y) {
  for (long i = 0; i < n; i++, x += 4, y += 4) {
    const float w = 0.5f * x[2], h = 0.5f * x[3];
    y[0] = x[0] - w;
    y[1] = x[1] - h;
    y[2] = x[0] + w;
    y[3] = x[1] + h;
  }
}

static void KERNEL(kernel_corners_from_centers_backward)(long n, const float *gradient,
                                                         float *restrict dx) {
  for (long i = 0; i < n; i++, gradient += 4, dx += 4) {
    dx[0] = gradient[0] + gradient[2];
    dx[1] = gradient[1] + gradient[3];
    dx[2] = 0.5f * (gradient[2] - gradient[0]);
    dx[3] = 0.5f * (gradient[3] - gradient[1]);
  }
}

static inline float KERNEL(lesser)(float p, float q) { return p < q || p != p ? p : q; }
static inline float KERNEL(greater)(float p, float q) { return p > q || p != p ? p : q; }
static inline float KERNEL(extent)(float x) { return x < 0 ? 0 : x; }
// What of a gradient goes to p when the greater of p and q is taken: all, half at a tie, none.
static inline float KERNEL(share)(float p, float q) { return p > q ? 1.0f : p == q ? 0.5f : 0; }

static void KERNEL(kernel_generalized_iou)(long n, const float *a, const float *b,
                                           float *restrict y) {
  for (long i = 0; i < n; i++, a += 4, b += 4) {
    const float w = KERNEL(extent)(KERNEL(lesser)(a[2], b[2]) - KERNEL(greater)(a[0], b[0]));
    const float h = KERNEL(extent)(KERNEL(lesser)(a[3], b[3]) - KERNEL(greater)(a[1], b[1]));
    const float inter = w * h;
    const float area_a = (a[2] - a[0]) * (a[3] - a[1]), area_b = (b[2] - b[0]) * (b[3] - b[1]);
    const float joint = area_a + area_b - inter;
    const float hull_w = KERNEL(extent)(KERNEL(greater)(a[2], b[2]) - KERNEL(lesser)(a[0], b[0]));
    const float hull_h = KERNEL(extent)(KERNEL(greater)(a[3], b[3]) - KERNEL(lesser)(a[1], b[1]));
    const float hull = hull_w * hull_h;
    y[i] = inter / joint - (hull - joint) / hull;
  }
}

// With value = inter / joint - 1 + joint / hull and joint = area a + area b - inter.
static void KERNEL(kernel_generalized_iou_backward)(long n, const float *a, const float *b,
                                                    const float *gradient, float *restrict da,
                                                    float *restrict db) {
  for (long i = 0; i < n; i++, a += 4, b += 4, da += 4, db += 4) {
    float size[2], hull_size[2], side_a[2], side_b[2];
    for (int k = 0; k < 2; k++) {
      size[k] = KERNEL(lesser)(a[k + 2], b[k + 2]) - KERNEL(greater)(a[k], b[k]);
      hull_size[k] = KERNEL(greater)(a[k + 2], b[k + 2]) - KERNEL(lesser)(a[k], b[k]);
      side_a[k] = a[k + 2] - a[k];
      side_b[k] = b[k + 2] - b[k];
    }
    const float w = KERNEL(extent)(size[0]), h = KERNEL(extent)(size[1]);
    const float hull_w = KERNEL(extent)(hull_size[0]), hull_h = KERNEL(extent)(hull_size[1]);
    const float inter = w * h, hull = hull_w * hull_h;
    const float joint = side_a[0] * side_a[1] + side_b[0] * side_b[1] - inter;
    const float g = gradient[i];
    const float d_joint = g / hull - g * inter / (joint * joint);
    const float d_inter = g / joint - d_joint;
    const float d_hull = -g * joint / (hull * hull);
    const float d_size[2] = {size[0] >= 0 ? d_inter * h : 0, size[1] >= 0 ? d_inter * w : 0};
    const float d_hull_size[2] = {hull_size[0] >= 0 ? d_hull * hull_h : 0,
                                  hull_size[1] >= 0 ? d_hull * hull_w : 0};
    for (int k = 0; k < 2; k++) {
      const float low = KERNEL(share)(a[k], b[k]), high = KERNEL(share)(a[k + 2], b[k + 2]);
      da[k] = -d_joint * side_a[1 - k] - d_size[k] * low - d_hull_size[k] * (1 - low);
      db[k] = -d_joint * side_b[1 - k] - d_size[k] * (1 - low) - d_hull_size[k] * low;
      da[k + 2] = d_joint * side_a[1 - k] + d_size[k] * (1 - high) + d_hull_size[k] * high;
      db[k + 2] = d_joint * side_b[1 - k] + d_size[k] * high + d_hull_size[k] * (1 - high);
    }
  }
}
