/*
 * The ring that perf writes records into (perf_event_open(2), MMAP layout): one page of its state, then the data, which go
 * around. For the files that read such rings.
 */
#ifndef VDSOTOP_PERF_RING_H
#define VDSOTOP_PERF_RING_H

#include <stdint.h>
#include <string.h>
#include <unistd.h>

static inline uint64_t page_bytes(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

struct ring {
	const char *data;
	uint64_t bytes;
};

/* Some of its bytes, from `at` on, which may go around its end: `bytes` of them, no more than it has. */
static inline void copy_out(const struct ring *ring, uint64_t at, void *to, uint64_t bytes)
{
	const uint64_t begin = at % ring->bytes, first = ring->bytes - begin;
	const char *data = ring->data;

	if (bytes <= first) {
		memcpy(to, data + begin, bytes);
		return;
	}
	memcpy(to, data + begin, first);
	memcpy((char *)to + first, data, bytes - first);
}

#endif
