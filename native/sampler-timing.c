/* What a loop costs: timed against an empty one, and by the thread's CPU time where others had the CPU meanwhile. */
#include "sampler-job.h"

#include <errno.h>
#include <sched.h>
#include <sys/resource.h>

#define FIRST_CALLS 16
#define WARM_UP_SHARE 4
#define MAX_WARM_UP_NS 30000.0
/* On a busy host the thread loses its CPU in the middle of a batch now and then, and hardly ever in three running. */
#define MOST_TRIES 3

uint64_t clock_ns(clockid_t clock)
{
	struct timespec now = { 0 };

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* A clock that stepped back meanwhile, as counters do that differ between CPUs, measured nothing: 0. */
static double timed_ns(const struct job *job, uint32_t calls)
{
	uint64_t start = clock_ns(CLOCK_MONOTONIC), end;

	job->loop(job, calls);
	end = clock_ns(CLOCK_MONOTONIC);
	return end > start ? (double)(end - start) : 0;
}

/* The least of three, so that an interrupt in one is not taken for the loop's own cost. */
double floor_ns(uint32_t calls)
{
	const struct job nothing = { .loop = loop_empty };
	double least = timed_ns(&nothing, calls);

	for (int i = 0; i < 2; i++) {
		double again = timed_ns(&nothing, calls);
		least = again < least ? again : least;
	}
	return least;
}

/* One call: does it answer at all? A clock id the kernel does not know has an error, not a price. */
int32_t first_call(const struct job *job)
{
	errno = 0;
	long result = job->loop(job, 1);

	if (job->negative_errno)
		return result < 0 && result >= -4095 ? (int32_t)result : 0;
	return result == -1 && errno != 0 ? -errno : 0;
}

/*
 * Warms caches, predictors and clock frequency up with the same call: without it a batch after a sleep is 5 to 37 % high.
 * Answers the call's price, roughly: the lesser of two, so that one interruption does not make a fast call a slow one.
 */
double warm_up(const struct job *job, uint32_t calls)
{
	double first = timed_ns(job, FIRST_CALLS) / FIRST_CALLS;
	uint32_t turns = calls / WARM_UP_SHARE + 1;

	if (first * turns > MAX_WARM_UP_NS)
		turns = (uint32_t)(MAX_WARM_UP_NS / first) + 1;
	double again = timed_ns(job, turns) / turns;
	return again < first ? again : first;
}

/* How often this thread gave up its CPU or lost it: wall time across that is not the price of a call. */
static long context_switches(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw + usage.ru_nivcsw;
}

/* True where nothing came between the first call and the last. `cpu_ns`: what the thread itself spent meanwhile. */
static bool time_once(const struct job *job, uint32_t calls, double nothing, double *cpu_ns,
		      struct vt_batch_result *result)
{
	result->cpu = sched_getcpu();
	uint64_t cpu_start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	long switches = context_switches();
	double spent = timed_ns(job, calls);
	bool disturbed = context_switches() != switches || sched_getcpu() != result->cpu;

	*cpu_ns = (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_start);
	if (disturbed || spent <= nothing)
		return false;
	result->per_call_ns = (spent - nothing) / calls;
	return true;
}

/*
 * Where every try is disturbed, the host is so busy that the thread's own CPU time is the better measure: it leaves out
 * what others did in between, and takes in some two microseconds of reading it.
 */
void time_batch(const struct job *job, uint32_t calls, struct vt_batch_result *result)
{
	double nothing = floor_ns(calls), cpu_ns = 0;

	result->calls = calls;
	for (int tries = 0; tries < MOST_TRIES; tries++)
		if (time_once(job, calls, nothing, &cpu_ns, result))
			return;
	if (cpu_ns > nothing)
		result->per_call_ns = (cpu_ns - nothing) / calls;
	else
		result->error = -EAGAIN;
}
