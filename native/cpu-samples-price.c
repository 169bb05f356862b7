#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cpu-samples-ring.h"

/*
 * Samples are as rare here as they are of a target: on a KVM host one takes 8 to 10 us where they come every 0.1 ms, and
 * 20 to 30 every 5 ms, since the kernel's and the hypervisor's code is in no cache by then. Not a multiple of the kernel's
 * tick, which would pay for some of it.
 */
enum { PRICE_PERIOD_NS = 3700000, LONGEST_PERIODS = 4 };

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return (one > other) - (one < other);
}

static uint64_t median(uint64_t *values, uint32_t count)
{
	qsort(values, count, sizeof(*values), by_size);
	return values[count / 2];
}

/* From one look at the clock to the next, when nothing comes in between. */
static uint64_t usual_turn_ns(void)
{
	uint64_t turns[101];
	uint64_t before = monotonic_ns();

	for (uint32_t i = 0; i < 101; i++) {
		const uint64_t now = monotonic_ns();

		turns[i] = now - before;
		before = now;
	}
	return median(turns, 101);
}

static uint64_t written(const struct vt_cpu_sampler *sampler)
{
	const struct perf_event_mmap_page *page = (const struct perf_event_mmap_page *)(uintptr_t)sampler->ring;

	return __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
}

/* How long this thread stood still whenever a sample was written meanwhile. */
static uint32_t watch_own_pauses(const struct vt_cpu_sampler *sampler, uint64_t turn_ns, double *ns, uint32_t count)
{
	const uint64_t start = monotonic_ns(), longest_ns = (uint64_t)count * LONGEST_PERIODS * PRICE_PERIOD_NS;
	uint64_t before = start, seen = written(sampler);
	uint32_t found = 0;

	while (found < count && before - start < longest_ns) {
		const uint64_t now = monotonic_ns();

		if (now - before > 2 * turn_ns && written(sampler) != seen) {
			seen = written(sampler);
			ns[found++] = (double)(now - before - turn_ns);
		}
		before = now;
	}
	return found;
}

int32_t vt_cpu_sampler_price(uint32_t with_frames, double *ns, uint32_t count)
{
	struct vt_cpu_sampler sampler;
	const uint64_t turn_ns = usual_turn_ns();
	const int32_t result = vt_cpu_sampler_open((uint32_t)syscall(SYS_gettid), PRICE_PERIOD_NS, with_frames, &sampler);
	uint32_t found;

	if (result < 0)
		return result;
	vt_cpu_samplers_run(&sampler, 1, 1, 0);
	found = watch_own_pauses(&sampler, turn_ns, ns, count);
	vt_cpu_samplers_close(&sampler, 1);
	return (int32_t)found;
}
