/*
 * Times clock reads in this process: a plan of batches, each one call on one path in a plain loop. One call into the
 * library makes many batches, because crossing from JavaScript costs as much as a fast clock read.
 */
#include "vdsotop.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define MAX_CALLS 65536u
/* In the warm-up: a call this dear gets a quarter of the calls, its price being steadier and its batch longer. */
#define SLOW_CALL_NS 100.0
#define WARM_UP_SHARE 4
#define MAX_WARM_UP_NS 500000.0
#define MAX_SYMBOLS 64

typedef int clock_fn(clockid_t, struct timespec *);
typedef int timeofday_fn(struct timeval *, void *);
typedef time_t time_fn(time_t *);
typedef int getcpu_fn(unsigned *, unsigned *, void *);

/* glibc has it since 2.29, musl not at all. The third argument that we pass is ignored. */
extern int libc_getcpu(unsigned *, unsigned *, void *) __asm__("getcpu") __attribute__((weak));

/* A batch made ready to run: the loop and what it calls. The loop answers what its last call answered. */
struct job {
	long (*loop)(const struct job *job, uint32_t calls);
	union {
		clock_fn *clock;
		timeofday_fn *timeofday;
		time_fn *time;
		getcpu_fn *getcpu;
		uintptr_t address;
	} to;
	long number; /* of the syscall */
	clockid_t clock_id;
	bool negative_errno; /* an error is the result itself (vDSO), not -1 and errno */
};

/* ---- Loops: nothing but the call -------------------------------------------------------------------------------- */

static long loop_clock(const struct job *job, uint32_t calls)
{
	clock_fn *clock = job->to.clock;
	clockid_t id = job->clock_id;
	struct timespec time;
	long last = 0;

	for (uint32_t i = 0; i < calls; i++)
		last = clock(id, &time);
	return last;
}

static long loop_timeofday(const struct job *job, uint32_t calls)
{
	timeofday_fn *timeofday = job->to.timeofday;
	struct timeval time;
	long last = 0;

	for (uint32_t i = 0; i < calls; i++)
		last = timeofday(&time, NULL);
	return last;
}

static long loop_time(const struct job *job, uint32_t calls)
{
	time_fn *read_time = job->to.time;
	long last = 0;

	for (uint32_t i = 0; i < calls; i++)
		last = (long)read_time(NULL);
	return last;
}

static long loop_getcpu(const struct job *job, uint32_t calls)
{
	getcpu_fn *read_cpu = job->to.getcpu;
	unsigned cpu, node;
	long last = 0;

	for (uint32_t i = 0; i < calls; i++)
		last = read_cpu(&cpu, &node, NULL);
	return last;
}

/* Room for any of the results; gettimeofday, time and getcpu take NULL or more such room as their other arguments. */
static long loop_syscall(const struct job *job, uint32_t calls)
{
	long number = job->number, last = 0;
	struct timespec result;

	if (number == SYS_clock_gettime) {
		for (uint32_t i = 0; i < calls; i++)
			last = syscall(number, job->clock_id, &result);
	} else {
		for (uint32_t i = 0; i < calls; i++)
			last = syscall(number, &result, NULL, NULL);
	}
	return last;
}

/* Ordered, as the vDSO reads it: arch/x86/include/asm/msr.h rdtsc_ordered, arch/arm64 __arch_counter_get_cntvct. */
static long loop_counter(const struct job *job, uint32_t calls)
{
	uint64_t last = 0;

	(void)job;
	for (uint32_t i = 0; i < calls; i++) {
#if defined(__x86_64__) || defined(__i386__)
		uint32_t low, high;
		__asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high)::"memory");
		last = (uint64_t)high << 32 | low;
#elif defined(__aarch64__)
		__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(last)::"memory");
#endif
	}
	return (long)(last >> 1);
}

static long loop_nothing(const struct job *job, uint32_t calls)
{
	(void)job;
	for (uint32_t i = 0; i < calls; i++)
		__asm__ volatile("" ::: "memory");
	return 0;
}

/* ---- From a plan's entry to a job ------------------------------------------------------------------------------- */

struct call {
	long (*loop)(const struct job *job, uint32_t calls);
	uintptr_t libc;         /* 0: libc has no such function */
	const char *vdso[2];    /* its names in a vDSO: most architectures, arm64 */
	long number;            /* of the syscall; -1: none */
	uintptr_t vsyscall;     /* address in the legacy page; 0: none */
};

#if defined(__x86_64__)
#define VSYSCALL(index) (0xffffffffff600000u + 0x400u * (index))
#else
#define VSYSCALL(index) 0
#endif
#ifndef SYS_time
#define SYS_time -1
#endif

/*
 * The null syscall is sched_get_priority_max: it answers a constant, so that its price is that of entering and leaving
 * (108 to 118 ns where getuid took 134, getpid 152 and getppid 178). An invalid number costs the same, but is no floor
 * of a real call: seccomp filters of containers treat it otherwise, and syscall tracing passes over it.
 */
static const struct call calls_by_id[] = {
	[VT_CALL_CLOCK_GETTIME] = { loop_clock, (uintptr_t)clock_gettime,
				    { "__vdso_clock_gettime", "__kernel_clock_gettime" }, SYS_clock_gettime, 0 },
	[VT_CALL_GETTIMEOFDAY] = { loop_timeofday, (uintptr_t)gettimeofday,
				   { "__vdso_gettimeofday", "__kernel_gettimeofday" }, SYS_gettimeofday, VSYSCALL(0) },
	[VT_CALL_TIME] = { loop_time, (uintptr_t)time, { "__vdso_time", NULL }, SYS_time, VSYSCALL(1) },
	[VT_CALL_GETCPU] = { loop_getcpu, (uintptr_t)libc_getcpu, { "__vdso_getcpu", NULL }, SYS_getcpu, VSYSCALL(2) },
	[VT_CALL_NULL_SYSCALL] = { .number = SYS_sched_get_priority_max },
};

/* The vDSO of this process, looked up once a run. */
struct vdso {
	struct vt_vdso_image image;
	struct vt_vdso_symbol symbols[MAX_SYMBOLS];
};

static uintptr_t find_symbol(const struct vdso *vdso, const char *const names[2])
{
	for (uint32_t i = 0; i < vdso->image.symbol_count; i++)
		for (int n = 0; n < 2; n++)
			if (names[n] != NULL && strcmp(vdso->symbols[i].name, names[n]) == 0)
				return (uintptr_t)(vdso->image.base + vdso->symbols[i].offset);
	return 0;
}

static int32_t prepare_counter(int32_t path, struct job *job)
{
#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__)
	*job = (struct job){ .loop = loop_counter };
	return path == VT_PATH_RAW ? 0 : -ENOTSUP;
#else
	(void)path, (void)job;
	return -ENOTSUP;
#endif
}

static int32_t prepare(const struct vt_batch *batch, const struct vdso *vdso, struct job *job)
{
	if (batch->call == VT_CALL_COUNTER)
		return prepare_counter(batch->path, job);
	if (batch->call < 0 || batch->call >= (int32_t)(sizeof(calls_by_id) / sizeof(calls_by_id[0])))
		return -ENOTSUP;
	const struct call *call = &calls_by_id[batch->call];
	*job = (struct job){ .loop = call->loop, .number = call->number, .clock_id = batch->clock_id };
	switch (batch->path) {
	case VT_PATH_SYSCALL:
		job->loop = loop_syscall;
		return call->number >= 0 ? 0 : -ENOTSUP;
	case VT_PATH_LIBC:
		job->to.address = call->libc;
		break;
	case VT_PATH_VDSO:
		job->to.address = find_symbol(vdso, call->vdso);
		job->negative_errno = true;
		break;
	case VT_PATH_VSYSCALL:
		job->to.address = call->vsyscall;
		job->negative_errno = true;
		return call->vsyscall != 0 ? 0 : -ENOTSUP;
	default:
		return -ENOTSUP;
	}
	return call->loop == NULL ? -ENOTSUP : job->to.address != 0 ? 0 : -ENOENT;
}

/* ---- Running ---------------------------------------------------------------------------------------------------- */

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static double timed_ns(const struct job *job, uint32_t calls)
{
	uint64_t start = clock_ns(CLOCK_MONOTONIC);

	job->loop(job, calls);
	return (double)(clock_ns(CLOCK_MONOTONIC) - start);
}

/* The least of three, so that an interrupt in one is not taken for the loop's own cost. */
static double floor_ns(uint32_t calls)
{
	const struct job nothing = { .loop = loop_nothing };
	double least = timed_ns(&nothing, calls);

	for (int i = 0; i < 2; i++) {
		double again = timed_ns(&nothing, calls);
		least = again < least ? again : least;
	}
	return least;
}

/* One call: does it answer at all? A clock id the kernel does not know has an error, not a price. */
static int32_t first_call(const struct job *job)
{
	errno = 0;
	long result = job->loop(job, 1);

	if (job->negative_errno)
		return result < 0 && result >= -4095 ? (int32_t)result : 0;
	return result == -1 && errno != 0 ? -errno : 0;
}

/* Warms caches and clock frequency up with the same call. Answers its price, roughly. */
static double warm_up(const struct job *job, uint32_t calls)
{
	double once = timed_ns(job, 1);
	uint32_t turns = calls / WARM_UP_SHARE + 1;

	if (once * turns > MAX_WARM_UP_NS)
		turns = (uint32_t)(MAX_WARM_UP_NS / once) + 1;
	return timed_ns(job, turns) / turns;
}

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

static void time_batch(const struct job *job, uint32_t calls, struct vt_batch_result *result)
{
	double nothing = floor_ns(calls);

	result->calls = calls;
	result->cpu = sched_getcpu();
	double spent = timed_ns(job, calls);
	result->per_call_ns = (spent - nothing) / calls;
	if (sched_getcpu() != result->cpu || spent <= nothing)
		result->error = -EAGAIN;
}

/* False: there is no room left for all its calls before the deadline, and it may wait for the next run. */
static bool run_batch(const struct vt_batch *batch, const struct vdso *vdso, uint64_t deadline_ns, bool may_wait,
		      struct vt_batch_result *result)
{
	struct job job;

	result->error = prepare(batch, vdso, &job);
	if (result->error == 0)
		result->error = first_call(&job);
	if (result->error != 0)
		return true;
	double roughly = warm_up(&job, batch->calls);
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	double left = now < deadline_ns ? (double)(deadline_ns - now) : 0;
	uint32_t calls = fitting_calls(batch->calls, roughly, left);
	if (may_wait && calls < fitting_calls(batch->calls, roughly, VT_SAMPLER_MAX_NS))
		return false;
	time_batch(&job, calls, result);
	return true;
}

int32_t vt_sampler_run(const struct vt_batch *plan, uint32_t plan_count, uint32_t first, uint64_t budget_ns,
		       struct vt_batch_result *results, uint32_t capacity, struct vt_sampler_out *out)
{
	uint64_t cpu_start = clock_ns(CLOCK_THREAD_CPUTIME_ID), start = clock_ns(CLOCK_MONOTONIC);
	uint64_t budget = budget_ns < VT_SAMPLER_MAX_NS ? budget_ns : VT_SAMPLER_MAX_NS;
	uint32_t done = 0, most = capacity < plan_count ? capacity : plan_count;
	struct vdso vdso;

	if (plan_count == 0 || first >= plan_count || capacity == 0)
		return -EINVAL;
	if (vt_vdso_own(&vdso.image, vdso.symbols, MAX_SYMBOLS) != 0)
		vdso.image.symbol_count = 0;
	do {
		uint32_t index = (first + done) % plan_count;
		results[done] = (struct vt_batch_result){ .plan_index = index, .cpu = -1 };
		if (!run_batch(&plan[index], &vdso, start + VT_SAMPLER_MAX_NS, done > 0, &results[done]))
			break;
		done++;
	} while (done < most && clock_ns(CLOCK_MONOTONIC) - start < budget);
	*out = (struct vt_sampler_out){ .next = (first + done) % plan_count, .floor_ns = floor_ns(1024) / 1024 };
	out->spent_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_start;
	return (int32_t)done;
}
