#include "CKernels.h"

#include <malloc.h>
#include <stdlib.h>

// Large blocks come and go with every operation. Left to its defaults the allocator would map and
// unmap each of them, and the page faults would cost more than many kernels.
__attribute__((constructor)) static void keep_large_blocks(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

float *kernel_allocate(long count) {
  void *memory = NULL;
  if (count < 0 || (unsigned long)count > (1ul << 60)) return NULL;
  unsigned long bytes = ((unsigned long)count * sizeof(float) + 63) & ~63ul;
  if (posix_memalign(&memory, 64, bytes ? bytes : 64) != 0) return NULL;
  return memory;
}

void kernel_free(float *memory) { free(memory); }
