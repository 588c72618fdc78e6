#define _GNU_SOURCE
#include "CKernels.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

// Blocks of floats come and go with every operation, in the same sizes from one forward pass to the
// next. Fresh memory costs a page fault each 4 KB, more than many kernels take to fill it, so blocks
// that were given back are kept, by size class, and taken again. Kept and used blocks together stay
// below what was in use at once lately and an eighth more; above that the block that was given back
// first returns to the system. Where blocks keep going and coming again, half is added instead.

// Lasting blocks are packed side by side into regions of several huge pages, because most weights
// are smaller than one.

enum {
  SMALL = 64 << 10,      // below this the C library's own lists do
  PAGE = 4 << 10,
  HUGE_PAGE = 2 << 20,
  STEPS = 8,             // size classes from one power of two to the next
  CLASSES = 44 * STEPS,
  NEAR = 4,              // classes further up in which a block is still taken
  SLACK = 8 << 20,
  WINDOW = 2048,         // allocations over which "lately" reaches back, once or twice
  LOOK = 512,            // allocations after each of which it is asked whether blocks are missing
  MANY = 4,              // of them that had to be mapped, after the first window
  PLACES = 16,           // starts of blocks within their first page
  REGION = 8 << 20,      // and its alignment
  SHARING = 3 << 19,     // smaller lasting blocks share regions
};

typedef struct {
  long live;    // blocks in use, and one more while the region is being filled
  long filled;  // bytes
} Region;

typedef struct Block Block;
struct Block {
  Block *newer, *older;        // of all that are kept, by when they were given back
  Block *class_next, *class_previous;
  long bytes;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Block *kept_of_class[CLASSES];
static Block *newest, *oldest;
static kernel_memory state;
static long peak, previous_peak;  // of `state.used` in this window and in the one before
static long allocations, mapped;
static int eighths = 1;  // of the peak that are added to it
static Region *region;  // the one that is being filled

// Arrays that are not floats still come from the C library, which shall keep their memory, too.
__attribute__((constructor)) static void keep_large_arrays(void) {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

/// The least class whose blocks hold `bytes`, and their size.
static int class_of(long bytes, long *rounded) {
  int power = 63 - __builtin_clzl((unsigned long)bytes);
  long step = (1l << power) / STEPS;
  long steps = (bytes - (1l << power) + step - 1) / step;
  *rounded = (1l << power) + steps * step;
  return power * STEPS + (int)steps;
}

/// Memory from the system that begins at a multiple of `alignment` (a power of two, at least a page).
static void *map_aligned(long bytes, long alignment) {
  long room = alignment == PAGE ? bytes : bytes + alignment;
  char *start = mmap(NULL, (size_t)room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return NULL;
  if (room == bytes) return start;
  long before = (long)(-(unsigned long)start & (unsigned long)(alignment - 1));
  if (before) munmap(start, (size_t)before);
  if (before < alignment) munmap(start + before + bytes, (size_t)(alignment - before));
  // One fault for 2 MB instead of 512, and fewer misses in the address caches.
  madvise(start + before, (size_t)bytes, MADV_HUGEPAGE);
  return start + before;
}

static void *map(long bytes) { return map_aligned(bytes, bytes < HUGE_PAGE ? PAGE : HUGE_PAGE); }

/// Gives up one hold on a region; returns it when nobody holds it any more.
static Region *let_go(Region *held) { return held && --held->live == 0 ? held : NULL; }

static void *take_from_region(long bytes) {
  pthread_mutex_lock(&lock);
  Region *full = NULL;
  if (!region || region->filled + bytes > REGION) {
    full = let_go(region);
    region = map_aligned(REGION, REGION);
    if (region) *region = (Region){.live = 1, .filled = 64};
  }
  char *start = NULL;
  if (region) {
    start = (char *)region + region->filled;
    region->filled += bytes;
    region->live++;
  }
  pthread_mutex_unlock(&lock);
  if (full) munmap(full, REGION);
  return start;
}

static void return_to_region(void *memory) {
  pthread_mutex_lock(&lock);
  Region *empty = let_go((void *)((unsigned long)memory & ~(unsigned long)(REGION - 1)));
  pthread_mutex_unlock(&lock);
  if (empty) munmap(empty, REGION);
}

static void take_out(Block *block) {
  long rounded;
  int class = class_of(block->bytes, &rounded);
  if (block->class_previous) block->class_previous->class_next = block->class_next;
  else kept_of_class[class] = block->class_next;
  if (block->class_next) block->class_next->class_previous = block->class_previous;
  if (block->newer) block->newer->older = block->older;
  else newest = block->older;
  if (block->older) block->older->newer = block->newer;
  else oldest = block->newer;
  state.kept -= block->bytes;
}

static void put_in(Block *block, long bytes) {
  long rounded;
  int class = class_of(bytes, &rounded);
  *block = (Block){.older = newest, .class_next = kept_of_class[class], .bytes = bytes};
  if (newest) newest->newer = block;
  else oldest = block;
  newest = block;
  if (block->class_next) block->class_next->class_previous = block;
  kept_of_class[class] = block;
  state.kept += bytes;
}

static long bound(void) {
  long most = peak > previous_peak ? peak : previous_peak;
  return most / 8 * (8 + eighths) + SLACK;
}

/// Takes out blocks, oldest first, until used and kept ones together are `most` bytes at most; a list
/// for `unmap_all`.
static Block *surplus_over(long most) {
  Block *list = NULL;
  while (oldest && state.used + state.kept > most) {
    Block *block = oldest;
    take_out(block);
    block->class_next = list;
    list = block;
  }
  return list;
}

static void unmap_all(Block *list) {
  while (list) {
    Block *next = list->class_next;
    munmap(list, (size_t)list->bytes);
    list = next;
  }
}

static void note_use(long bytes) {
  state.used += bytes;
  if (++allocations % LOOK == 0) {
    if (allocations > WINDOW && mapped > MANY) eighths = 4;
    mapped = 0;
  }
  if (allocations % WINDOW == 0) {
    previous_peak = peak;
    peak = state.used;
  }
  if (state.used > peak) peak = state.used;
}

/// Blocks that begin at the same place of a page would fight for the same lines of the caches.
static float *placed(void *start) {
  static unsigned turn;
  unsigned place = __atomic_fetch_add(&turn, 5, __ATOMIC_RELAXED) % PLACES;
  return start ? (float *)((char *)start + place * (PAGE / PLACES)) : NULL;
}

static void *block_of(float *memory) {
  return (void *)((unsigned long)memory & ~(unsigned long)(PAGE - 1));
}

static void release_kept(void) {
  pthread_mutex_lock(&lock);
  Block *list = surplus_over(0);
  pthread_mutex_unlock(&lock);
  unmap_all(list);
}

/// Makes room for `bytes` that will stay: what an answer's first half has given back is hardly needed
/// in its second, whose weights are being packed meanwhile, and the two would add up to a peak.
static void make_room(long bytes) {
  pthread_mutex_lock(&lock);
  long most = state.kept > SLACK + bytes ? state.kept - bytes : SLACK;
  Block *list = surplus_over(state.used + most);
  pthread_mutex_unlock(&lock);
  unmap_all(list);
}

float *kernel_allocate(long count, int lasting, long *room) {
  if (count < 0 || (unsigned long)count > (1ul << 40)) return NULL;
  long bytes = (count * (long)sizeof(float) + 63) & ~63l;
  if (bytes < SMALL) {
    void *memory = NULL;
    *room = 0;
    return posix_memalign(&memory, 64, bytes ? (size_t)bytes : 64) == 0 ? memory : NULL;
  }
  if (lasting) make_room(bytes);
  if (lasting && bytes < SHARING) {
    *room = -bytes;
    return take_from_region(bytes);
  }
  bytes = (bytes + 2 * PAGE - 1) & ~(long)(PAGE - 1);
  if (lasting) {
    *room = -bytes;
    return placed(map(bytes));
  }
  int class = class_of(bytes, &bytes);
  pthread_mutex_lock(&lock);
  Block *block = NULL;
  // Where fresh memory would send other blocks away, a block that is much too large is better.
  int far = state.used + state.kept + bytes > bound() ? CLASSES - 1 : class + NEAR;
  for (int near = class; near <= far && near < CLASSES && !block; near++) {
    block = kept_of_class[near];
  }
  if (block) {
    take_out(block);
    bytes = block->bytes;
  }
  mapped += !block;
  note_use(bytes);
  Block *list = surplus_over(bound());
  pthread_mutex_unlock(&lock);
  unmap_all(list);
  if (!block) block = map(bytes);
  if (!block) {
    // What is kept may be what is missing.
    release_kept();
    block = map(bytes);
  }
  if (!block) {
    pthread_mutex_lock(&lock);
    state.used -= bytes;
    pthread_mutex_unlock(&lock);
  }
  *room = bytes;
  return placed(block);
}

void kernel_free(float *memory, long room) {
  if (room == 0) return free(memory);
  if (room < 0 && -room < SHARING) return return_to_region(memory);
  if (room < 0) {
    munmap(block_of(memory), (size_t)-room);
    return;
  }
  pthread_mutex_lock(&lock);
  state.used -= room;
  put_in(block_of(memory), room);
  Block *list = surplus_over(bound());
  pthread_mutex_unlock(&lock);
  unmap_all(list);
}

kernel_memory kernel_memory_state(void) {
  pthread_mutex_lock(&lock);
  kernel_memory copy = state;
  copy.bound = bound();
  pthread_mutex_unlock(&lock);
  return copy;
}

void kernel_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

int kernel_forget(const void *start, long bytes) {
  unsigned long first = ((unsigned long)start + PAGE - 1) & ~(unsigned long)(PAGE - 1);
  unsigned long end = ((unsigned long)start + (unsigned long)bytes) & ~(unsigned long)(PAGE - 1);
  return end > first ? madvise((void *)first, end - first, MADV_DONTNEED) : 0;
}
