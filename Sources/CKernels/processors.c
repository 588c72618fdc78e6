#define _GNU_SOURCE
#include "CKernels.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

int kernel_processors(void) {
  // The set's size must be at least the kernel's, which machines with more than 1024 exceed.
  for (int most = 1024; most <= 1 << 20; most *= 4) {
    cpu_set_t *set = CPU_ALLOC(most);
    if (!set) break;
    size_t bytes = CPU_ALLOC_SIZE(most);
    int count = sched_getaffinity(0, bytes, set) == 0 ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (count > 0) return count;
  }
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}
