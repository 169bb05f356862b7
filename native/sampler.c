/*
 * Times clock reads in this process: a plan of batches, each one call on one path in a plain loop. One call into the
 * library makes many batches, because crossing from JavaScript costs as much as a fast clock read.
 */
#include "vdsotop.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define MAX_CALLS 65536u
/* In the warm-up: a call this dear gets a quarter of the calls, its price being steadier and its batch longer. */
#define SLOW_CALL_NS 100.0
#define FIRST_CALLS 16
#define WARM_UP_SHARE 4
#define MAX_WARM_UP_NS 30000.0
/* On a busy host the thread loses its CPU in the middle of a batch now and then, and hardly ever in three running. */
#define MOST_TRIES 3
#define MAX_SYMBOLS 64

/* glibc has it since 2.29, musl not at all. */
extern int libc_getcpu(unsigned *, unsigned *) __asm__("getcpu") __attribute__((weak));

/* A batch made ready to run: the loop, and what it calls where that is not a function of libc by its name. */
struct job {
	long (*loop)(const struct job *job, uint32_t calls);
	union {
		int (*clock)(clockid_t, struct timespec *);
		int (*timeofday)(struct timeval *, void *);
		time_t (*time)(time_t *);
		int (*getcpu)(unsigned *, unsigned *, void *);
		uintptr_t address;
	} to;
	long number; /* of the syscall */
	clockid_t clock_id;
	bool negative_errno; /* an error is the result itself (vDSO), not -1 and errno */
};

/* ---- Loops: nothing but the call; they answer what the last one answered ----------------------------------------- */

/* `own` is a copy, so that the compiler may keep it in registers; `room` takes whatever the call writes. */
#define DEFINE_LOOP(name, expression)                                                                                  \
	static long name(const struct job *job, uint32_t calls)                                                        \
	{                                                                                                              \
		const struct job own = *job;                                                                           \
		struct {                                                                                               \
			struct timespec timespec;                                                                      \
			struct timeval timeval;                                                                        \
			unsigned cpu, node;                                                                            \
		} room;                                                                                                \
		long last = 0;                                                                                         \
		for (uint32_t i = 0; i < calls; i++)                                                                   \
			last = (long)(expression);                                                                     \
		(void)own, (void)room;                                                                                 \
		return last;                                                                                           \
	}

/* By name, through the library's PLT, as programs call libc. */
DEFINE_LOOP(libc_clock, clock_gettime(own.clock_id, &room.timespec))
DEFINE_LOOP(libc_resolution, clock_getres(own.clock_id, &room.timespec))
DEFINE_LOOP(libc_timeofday, gettimeofday(&room.timeval, NULL))
DEFINE_LOOP(libc_time, time(NULL))
DEFINE_LOOP(libc_cpu, libc_getcpu(&room.cpu, &room.node))

/* By address: the vDSO and the vsyscall page; clock_getres has the type of clock_gettime. */
DEFINE_LOOP(direct_clock, own.to.clock(own.clock_id, &room.timespec))
DEFINE_LOOP(direct_timeofday, own.to.timeofday(&room.timeval, NULL))
DEFINE_LOOP(direct_time, own.to.time(NULL))
DEFINE_LOOP(direct_cpu, own.to.getcpu(&room.cpu, &room.node, NULL))

/* By syscall(2). */
DEFINE_LOOP(syscall_clock, syscall(own.number, own.clock_id, &room.timespec))
DEFINE_LOOP(syscall_timeofday, syscall(own.number, &room.timeval, NULL))
DEFINE_LOOP(syscall_time, syscall(own.number, NULL))
DEFINE_LOOP(syscall_cpu, syscall(own.number, &room.cpu, &room.node, NULL))
DEFINE_LOOP(syscall_null, syscall(own.number, SCHED_OTHER))

/* Ordered, as the vDSO reads it: arch/x86/include/asm/msr.h rdtsc_ordered, arch/arm64 __arch_counter_get_cntvct. */
#if defined(__x86_64__) || defined(__i386__)
#define HAS_COUNTER 1
#define READ_COUNTER(to) __asm__ volatile("lfence\n\trdtsc" : "=a"(to)::"edx", "memory")
#elif defined(__aarch64__)
#define HAS_COUNTER 1
#define READ_COUNTER(to) __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(to)::"memory")
#else
#define HAS_COUNTER 0
#define READ_COUNTER(to) (void)(to)
#endif

static long raw_counter(const struct job *job, uint32_t calls)
{
	unsigned long ticks = 0;

	(void)job, (void)ticks;
	for (uint32_t i = 0; i < calls; i++)
		READ_COUNTER(ticks);
	return 0;
}

static long empty_loop(const struct job *job, uint32_t calls)
{
	(void)job;
	for (uint32_t i = 0; i < calls; i++)
		__asm__ volatile("" ::: "memory");
	return 0;
}

/* ---- From a plan's entry to a job ------------------------------------------------------------------------------- */

typedef long loop_fn(const struct job *job, uint32_t calls);

struct call {
	loop_fn *by_libc, *by_address, *by_syscall; /* NULL: cannot be called so */
	long number;                                /* of the syscall; -1: none */
	uintptr_t vsyscall;                         /* address in the legacy page; 0: none */
	const char *vdso[2];                        /* names in a vDSO: most architectures, arm64 */
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
	[VT_CALL_CLOCK_GETTIME] = { libc_clock, direct_clock, syscall_clock, SYS_clock_gettime, 0,
				    { "__vdso_clock_gettime", "__kernel_clock_gettime" } },
	[VT_CALL_GETTIMEOFDAY] = { libc_timeofday, direct_timeofday, syscall_timeofday, SYS_gettimeofday, VSYSCALL(0),
				   { "__vdso_gettimeofday", "__kernel_gettimeofday" } },
	[VT_CALL_TIME] = { libc_time, direct_time, syscall_time, SYS_time, VSYSCALL(1), { "__vdso_time", NULL } },
	[VT_CALL_GETCPU] = { libc_cpu, direct_cpu, syscall_cpu, SYS_getcpu, VSYSCALL(2), { "__vdso_getcpu", NULL } },
	[VT_CALL_NULL_SYSCALL] = { .by_syscall = syscall_null, .number = SYS_sched_get_priority_max },
	[VT_CALL_COUNTER] = { .number = -1 },
	[VT_CALL_CLOCK_GETRES] = { libc_resolution, direct_clock, syscall_clock, SYS_clock_getres, 0,
				   { "__vdso_clock_getres", "__kernel_clock_getres" } },
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

static int32_t prepare_libc(const struct call *call, struct job *job)
{
	job->loop = call->by_libc;
	return call->by_libc == NULL ? -ENOTSUP : call->by_libc == libc_cpu && libc_getcpu == NULL ? -ENOENT : 0;
}

static int32_t prepare_address(const struct call *call, uintptr_t address, int32_t missing, struct job *job)
{
	job->loop = call->by_address;
	job->to.address = address;
	job->negative_errno = true;
	return call->by_address == NULL ? -ENOTSUP : address == 0 ? missing : 0;
}

static int32_t prepare_syscall(const struct call *call, struct job *job)
{
	job->loop = call->by_syscall;
	job->number = call->number;
	return call->by_syscall == NULL || call->number < 0 ? -ENOTSUP : 0;
}

static int32_t prepare_raw(int32_t call, struct job *job)
{
	job->loop = raw_counter;
	return HAS_COUNTER && call == VT_CALL_COUNTER ? 0 : -ENOTSUP;
}

static int32_t prepare(const struct vt_batch *batch, const struct vdso *vdso, struct job *job)
{
	if (batch->call < 0 || batch->call >= (int32_t)(sizeof(calls_by_id) / sizeof(calls_by_id[0])))
		return -ENOTSUP;
	const struct call *call = &calls_by_id[batch->call];
	*job = (struct job){ .clock_id = batch->clock_id };
	switch (batch->path) {
	case VT_PATH_LIBC: return prepare_libc(call, job);
	case VT_PATH_VDSO: return prepare_address(call, find_symbol(vdso, call->vdso), -ENOENT, job);
	case VT_PATH_SYSCALL: return prepare_syscall(call, job);
	case VT_PATH_VSYSCALL: return prepare_address(call, call->vsyscall, -ENOTSUP, job);
	case VT_PATH_RAW: return prepare_raw(batch->call, job);
	}
	return -ENOTSUP;
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
	const struct job nothing = { .loop = empty_loop };
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

/*
 * Warms caches, predictors and clock frequency up with the same call: without it a batch after a sleep is 5 to 37 % high.
 * Answers the call's price, roughly: the lesser of two, so that one interruption does not make a fast call a slow one.
 */
static double warm_up(const struct job *job, uint32_t calls)
{
	double first = timed_ns(job, FIRST_CALLS) / FIRST_CALLS;
	uint32_t turns = calls / WARM_UP_SHARE + 1;

	if (first * turns > MAX_WARM_UP_NS)
		turns = (uint32_t)(MAX_WARM_UP_NS / first) + 1;
	double again = timed_ns(job, turns) / turns;
	return again < first ? again : first;
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
static void time_batch(const struct job *job, uint32_t calls, struct vt_batch_result *result)
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
	struct vdso vdso;

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
