// One row of RGB: four taps at a time, each in the first three of four lanes.
static void KERNEL(kernel_resample_across)(
    long out, long taps, const int32_t *starts, const int32_t *weights, const uint8_t *row,
    uint8_t *result) {
  for (long i = 0; i < out; i++, weights += taps) {
    const uint8_t *pixels = row + 3 * (long)starts[i];
    Int16Lanes sum = {0};
    for (long t = 0; t < taps; t += 4, pixels += 12) {
      Byte16Lanes packed;
      memcpy(&packed, pixels, sizeof packed);
      Byte16Lanes spread = __builtin_shufflevector(
          packed, packed, 0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11);
      Int4Lanes four;
      memcpy(&four, weights + t, sizeof four);
      Int16Lanes each = __builtin_shufflevector(
          four, four, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
      sum += __builtin_convertvector(spread, Int16Lanes) * each;
    }
    Int8Lanes eight = __builtin_shufflevector(sum, sum, 0, 1, 2, 3, 4, 5, 6, 7) +
                      __builtin_shufflevector(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15);
    Int4Lanes total = __builtin_shufflevector(eight, eight, 0, 1, 2, 3) +
                      __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
    for (int c = 0; c < 3; c++) result[3 * i + c] = rounded_byte(total[c] + HALF);
  }
}

static void KERNEL(kernel_resample_down)(
    long row_bytes, long taps, const int32_t *weights, const uint8_t *first_row, uint8_t *result) {
  long i = 0;
  for (; i + 32 <= row_bytes; i += 32) {
    Int16Lanes low = (Int16Lanes){0} + HALF, high = low;
    const uint8_t *source = first_row + i;
    for (long t = 0; t < taps; t++, source += row_bytes) {
      Byte16Lanes bytes[2];
      memcpy(bytes, source, sizeof bytes);
      low += __builtin_convertvector(bytes[0], Int16Lanes) * weights[t];
      high += __builtin_convertvector(bytes[1], Int16Lanes) * weights[t];
    }
    Byte16Lanes rounded[2] = {rounded_bytes(low), rounded_bytes(high)};
    memcpy(result + i, rounded, sizeof rounded);
  }
  for (; i < row_bytes; i++) {
    int32_t sum = HALF;
    for (long t = 0; t < taps; t++) sum += first_row[t * row_bytes + i] * weights[t];
    result[i] = rounded_byte(sum);
  }
}

static void KERNEL(kernel_normalize_pixels)(
    long count, const uint8_t *pixels, const float *tables, float *planes, long stride) {
  for (long i = 0; i < count; i++) {
    planes[i] = tables[pixels[3 * i]];
    planes[stride + i] = tables[256 + pixels[3 * i + 1]];
    planes[2 * stride + i] = tables[512 + pixels[3 * i + 2]];
  }
}
