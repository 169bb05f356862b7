/*
 * Times clock reads in this process: a plan of batches, each one call on one path in a plain loop. One call into the
 * library makes many batches, because crossing from JavaScript costs as much as a fast clock read.
 */
#include "sampler-job.h"

#include <errno.h>

#define MAX_CALLS 65536u
/* In the warm-up: a call this dear gets a quarter of the calls, its price being steadier and its batch longer. */
#define SLOW_CALL_NS 100.0

/* How many calls to time: as wanted, a quarter of a slow one, and never more than fit into `left_ns`. */
static uint32_t fitting_calls(uint32_t wanted, double roughly_ns, double left_ns)
{
	uint32_t calls = wanted < 4 ? 4 : wanted > MAX_CALLS ? MAX_CALLS : wanted;

	if (roughly_ns >= SLOW_CALL_NS)
		calls /= 4;
	if (roughly_ns * calls > left_ns)
		calls = (uint32_t)(left_ns / roughly_ns);
	return calls > 0 ? calls : 1;
}

/* False: there is no room left for all its calls before the deadline, and it may wait for the next run. */
static bool run_batch(const struct vt_batch *batch, const struct own_vdso *vdso, uint64_t deadline_ns, bool may_wait,
		      struct vt_batch_result *result)
{
	struct job job;

	result->error = make_job(batch, vdso, &job);
	if (result->error == 0)
		result->error = first_call(&job);
	if (result->error != 0)
		return true;
	double roughly = warm_up(&job, batch->calls < MAX_CALLS ? batch->calls : MAX_CALLS);
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	double left = now < deadline_ns ? (double)(deadline_ns - now) : 0;
	uint32_t calls = fitting_calls(batch->calls, roughly, left);
	if (may_wait && calls < fitting_calls(batch->calls, roughly, VT_SAMPLER_BATCH_MAX_NS))
		return false;
	time_batch(&job, calls, result);
	return true;
}

int32_t vt_sampler_run(const struct vt_batch *plan, uint32_t plan_count, uint32_t first, uint64_t budget_ns,
		       struct vt_batch_result *results, uint32_t capacity, struct vt_sampler_out *out)
{
	uint64_t cpu_start = clock_ns(CLOCK_THREAD_CPUTIME_ID), start = clock_ns(CLOCK_MONOTONIC);
	uint64_t budget = budget_ns < VT_SAMPLER_MAX_NS ? budget_ns : VT_SAMPLER_MAX_NS;
	uint64_t latest = budget > VT_SAMPLER_BATCH_MAX_NS ? budget : VT_SAMPLER_BATCH_MAX_NS;
	uint32_t done = 0, most = capacity < plan_count ? capacity : plan_count;
	struct own_vdso vdso;

	if (plan_count == 0 || first >= plan_count || capacity == 0)
		return -EINVAL;
	if (vt_vdso_own(&vdso.image, vdso.symbols, MAX_SYMBOLS) != 0)
		vdso.image.symbol_count = 0;
	do {
		uint32_t index = (first + done) % plan_count;
		results[done] = (struct vt_batch_result){ .plan_index = index, .cpu = -1 };
		if (!run_batch(&plan[index], &vdso, start + latest, done > 0, &results[done]))
			break;
		done++;
	} while (done < most && clock_ns(CLOCK_MONOTONIC) - start < budget);
	*out = (struct vt_sampler_out){ .next = (first + done) % plan_count, .floor_ns = floor_ns(1024) / 1024 };
	out->spent_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_start;
	return (int32_t)done;
}
