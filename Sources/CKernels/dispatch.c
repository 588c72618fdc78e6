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

static int level;

// UNIT_KERNELS=scalar|avx2|avx512 lowers the choice, for tests and for finding faults.
__attribute__((constructor)) static void choose_level(void) {
  level = supported();
  const char *wish = getenv("UNIT_KERNELS");
  if (!wish) return;
  int wished = !strcmp(wish, "scalar") ? 0 : !strcmp(wish, "avx2") ? 1 : 2;
  kernel_set_level(wished);
}

int kernel_level(void) { return level; }

void kernel_set_level(int wished) {
  int most = supported();
  level = wished < most ? wished : most;
}
