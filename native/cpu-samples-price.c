#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cpu-samples.h"

/* Rounds of some eight samples: short, so that some are not disturbed on a busy machine. */
enum { PRICE_ROUNDS = 25, PRICE_PERIOD_NS = 50000 };
static const uint64_t price_round_ns = 400000;

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t spin(uint64_t turns)
{
	const uint64_t start = monotonic_ns();

	for (uint64_t i = 0; i < turns; i++)
		__asm__ volatile("" : : "r"(i));
	return monotonic_ns() - start;
}

static uint32_t drain(const struct vt_cpu_sampler *sampler)
{
	struct vt_cpu_sample samples[512];
	uint64_t lost = 0;

	return (uint32_t)vt_cpu_samplers_read(sampler, 1, samples, 512, &lost, NULL, NULL, 0, NULL) + (uint32_t)lost;
}

/* The time of a loop that nothing disturbed, as far as so many rounds meet with such a one. */
struct fastest {
	uint64_t ns;
	uint32_t samples;
};

static void take_round(struct fastest *fastest, uint64_t ns, uint32_t samples)
{
	if (fastest->ns == 0 || ns < fastest->ns)
		*fastest = (struct fastest){ ns, samples };
}

int32_t vt_cpu_sampler_price(uint32_t with_frames, double *ns)
{
	struct vt_cpu_sampler sampler;
	struct fastest with = { 0 }, without = { 0 };
	uint64_t turns = 100000;
	const int32_t result = vt_cpu_sampler_open((uint32_t)syscall(SYS_gettid), PRICE_PERIOD_NS, with_frames, &sampler);

	if (result < 0)
		return result;
	turns = turns * price_round_ns / (spin(turns) + 1);
	for (int i = 0; i < PRICE_ROUNDS; i++) {
		uint64_t took;

		take_round(&without, spin(turns), 0);
		drain(&sampler);
		vt_cpu_samplers_run(&sampler, 1, 1, 0);
		took = spin(turns);
		vt_cpu_samplers_run(&sampler, 1, 0, 0);
		take_round(&with, took, drain(&sampler));
	}
	vt_cpu_samplers_close(&sampler, 1);
	if (with.samples == 0 || with.ns <= without.ns)
		return -ENODATA;
	*ns = (double)(with.ns - without.ns) / with.samples;
	return 0;
}
