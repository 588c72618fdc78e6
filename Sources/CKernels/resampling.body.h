// One row of RGB: four taps at a time, each in the first three of four lanes.
static void KERNEL(across_row)(
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

#if defined(__x86_64__) && LANES > 4
// Four rows of RGB, so that the weights are laid out once for all of them. Eight taps at a time:
// the first four in the lower half of a register, the others in the upper one, and of each half
// first two, then the other two as pairs of 16-bit numbers in the lanes of red, green and blue. A
// weight has more than 16 bits: its upper part and its 15 lower bits are multiplied apart.
static void KERNEL(across_rows)(
    long out, long taps, const int32_t *starts, const int32_t *weights, const uint8_t *row,
    long row_bytes, uint8_t *result) {
  const __m256i first = _mm256_setr_epi8(
      0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,
      0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
  const __m256i second = _mm256_setr_epi8(
      6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1,
      6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  const __m256i first_weights = _mm256_set1_epi32(0x05040100);
  const __m256i second_weights = _mm256_set1_epi32(0x0d0c0908);
  const __m256i low_bits = _mm256_set1_epi32(0x7fff);
  const __m256i half = _mm256_set1_epi32(HALF);
  const long result_bytes = 3 * out;
  for (long i = 0; i < out; i++, weights += taps) {
    const uint8_t *pixels = row + 3 * (long)starts[i];
    __m256i low[4], high[4];
    for (int r = 0; r < 4; r++) low[r] = high[r] = _mm256_setzero_si256();
    for (long t = 0; t < taps; t += 8, pixels += 24) {
      const __m128i four = _mm_loadu_si128((const __m128i *)(weights + t));
      __m128i last = _mm_setzero_si128();
      if (t + 8 <= taps) last = _mm_loadu_si128((const __m128i *)(weights + t + 4));
      const __m256i eight = _mm256_inserti128_si256(_mm256_castsi128_si256(four), last, 1);
      const __m256i lower = _mm256_and_si256(eight, low_bits);
      const __m256i upper = _mm256_srai_epi32(eight, 15);
      const __m256i lower_first = _mm256_shuffle_epi8(lower, first_weights);
      const __m256i lower_second = _mm256_shuffle_epi8(lower, second_weights);
      const __m256i upper_first = _mm256_shuffle_epi8(upper, first_weights);
      const __m256i upper_second = _mm256_shuffle_epi8(upper, second_weights);
#pragma clang loop unroll(full)
      for (int r = 0; r < 4; r++) {
        const uint8_t *place = pixels + r * row_bytes;
        const __m256i packed = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)place)),
            _mm_loadu_si128((const __m128i *)(place + 12)), 1);
        const __m256i a = _mm256_shuffle_epi8(packed, first);
        const __m256i b = _mm256_shuffle_epi8(packed, second);
        low[r] = _mm256_add_epi32(low[r], _mm256_madd_epi16(a, lower_first));
        high[r] = _mm256_add_epi32(high[r], _mm256_madd_epi16(a, upper_first));
        low[r] = _mm256_add_epi32(low[r], _mm256_madd_epi16(b, lower_second));
        high[r] = _mm256_add_epi32(high[r], _mm256_madd_epi16(b, upper_second));
      }
    }
    __m256i two[2];
#pragma clang loop unroll(full)
    for (int r = 0; r < 2; r++) {
      const __m256i a = _mm256_add_epi32(low[2 * r], _mm256_slli_epi32(high[2 * r], 15));
      const __m256i b = _mm256_add_epi32(low[2 * r + 1], _mm256_slli_epi32(high[2 * r + 1], 15));
      const __m256i total = _mm256_add_epi32(
          _mm256_permute2x128_si256(a, b, 0x20), _mm256_permute2x128_si256(a, b, 0x31));
      two[r] = _mm256_srai_epi32(_mm256_add_epi32(total, half), 22);
    }
    // Rows 0 and 2 in the lower half, 1 and 3 in the upper one, in four bytes each.
    __m256i words = _mm256_packs_epi32(two[0], two[1]);
    words = _mm256_packus_epi16(words, words);
    const __m128i even = _mm256_castsi256_si128(words), odd = _mm256_extracti128_si256(words, 1);
    const int bytes[4] = {
        _mm_cvtsi128_si32(even), _mm_cvtsi128_si32(odd), _mm_extract_epi32(even, 1),
        _mm_extract_epi32(odd, 1)};
    // The fourth byte is overwritten by the next pixel, and there is none after the last.
    uint8_t *place = result + 3 * i;
    if (i + 1 < out) {
      for (int r = 0; r < 4; r++) memcpy(place + r * result_bytes, bytes + r, 4);
    } else {
      for (int r = 0; r < 4; r++) memcpy(place + r * result_bytes, bytes + r, 3);
    }
  }
}
#endif

static void KERNEL(kernel_resample_across)(
    long out, long taps, const int32_t *starts, const int32_t *weights, long rows,
    const uint8_t *row, long row_bytes, uint8_t *result) {
  long r = 0;
#if defined(__x86_64__) && LANES > 4
  for (; r + 4 <= rows; r += 4)
    KERNEL(across_rows)
    (out, taps, starts, weights, row + r * row_bytes, row_bytes, result + 3 * out * r);
#endif
  for (; r < rows; r++)
    KERNEL(across_row)(out, taps, starts, weights, row + r * row_bytes, result + 3 * out * r);
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
