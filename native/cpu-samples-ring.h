/* Between cpu-samples.c, which opens samplers, and cpu-samples-read.c, which reads their rings. */
#ifndef VDSOTOP_CPU_SAMPLES_RING_H
#define VDSOTOP_CPU_SAMPLES_RING_H

#include "cpu-samples.h"
#include "perf-ring.h"

/* Powers of two; a page holds 170 samples of 24 bytes, or six with registers and stack. */
enum { DATA_PAGES = 2, FRAME_PAGES = 16 };

static inline uint64_t data_bytes(const struct vt_cpu_sampler *sampler)
{
	return (sampler->with_frames ? FRAME_PAGES : DATA_PAGES) * page_bytes();
}

#endif
