#include "dispatch.h"

#include <stdlib.h>
#include <string.h>

static int supported(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return avx512 ? 2 : avx2 ? 1 : 0;
#else
  return 0;
#endif
}

// Instructions that multiply and sum pairs of bfloat16 (1) and fours of bytes (2).
static int supported_dot_products(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return (__builtin_cpu_supports("avx512bf16") ? 1 : 0) | (__builtin_cpu_supports("avx512vnni") ? 2 : 0);
#else
  return 0;
#endif
}

static int level;
static int dot_products;

// UNIT_KERNELS=scalar|avx2|avx512core|avx512 lowers the choice, for tests and for finding faults;
// avx512core is AVX-512 without the instructions for low precision.
__attribute__((constructor)) static void choose_level(void) {
  level = supported();
  dot_products = supported_dot_products();
  const char *wish = getenv("UNIT_KERNELS");
  if (!wish) return;
  int wished = !strcmp(wish, "scalar") ? 0 : !strcmp(wish, "avx2") ? 1 : 2;
  kernel_set_level(wished);
  if (!strcmp(wish, "avx512core")) dot_products = 0;
}

int kernel_level(void) { return level; }

void kernel_set_level(int wished) {
  int most = supported();
  level = wished < most ? wished : most;
}

int kernel_dot_products(void) { return level == 2 ? dot_products : 0; }

void kernel_set_dot_products(int allowed) { dot_products = allowed & supported_dot_products(); }
