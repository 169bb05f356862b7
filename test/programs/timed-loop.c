/*
 * Loops of one call that are timed on command, for the benchmarks:
 *
 *   timed-loop [CPU]        stays on that CPU, where one is named
 *
 * Each line of input runs one loop and is answered by "CALLS WALL_NS CPU_NS", of that loop alone:
 *
 *   for MS CALL [CLOCK]     calls without a pause for so many milliseconds
 *   times N CALL [CLOCK]    N calls, after N/4 to warm up
 *
 *   CALL  libc: clock_gettime(CLOCK); vdso: the vDSO's own function; syscall: past both; getppid: a system call that
 *         reads no clock; nothing: the turns of the loop alone
 *
 * It looks at the time through the vDSO, once before and after a loop and once in 256 calls, whatever the loop does.
 */
#include <dlfcn.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CALLS_BETWEEN_LOOKS = 256, USAGE = 2 };

static int (*vdso_clock_gettime)(clockid_t, struct timespec *);

/*
 * Each a loop of its own, so that nothing but the call is in it: `vdso` is a copy that stays in a register. Aligned: across
 * two cache lines a loop takes a cycle more a turn.
 */
#define DEFINE_LOOP(name, call)                                                                                        \
	__attribute__((aligned(64))) static void name(clockid_t clock, uint64_t calls)                                 \
	{                                                                                                              \
		int (*vdso)(clockid_t, struct timespec *) = vdso_clock_gettime;                                        \
		struct timespec now;                                                                                   \
		for (uint64_t i = 0; i < calls; i++)                                                                   \
			call;                                                                                          \
		(void)clock, (void)vdso, (void)now;                                                                                \
	}

DEFINE_LOOP(loop_libc, clock_gettime(clock, &now))
DEFINE_LOOP(loop_vdso, vdso(clock, &now))
DEFINE_LOOP(loop_syscall, syscall(SYS_clock_gettime, clock, &now))
DEFINE_LOOP(loop_getppid, syscall(SYS_getppid))
DEFINE_LOOP(loop_nothing, __asm__ volatile("" ::: "memory"))

static const struct {
	const char *name;
	void (*run)(clockid_t clock, uint64_t calls);
} loops[] = {
	{ "libc", loop_libc },
	{ "vdso", loop_vdso },
	{ "syscall", loop_syscall },
	{ "getppid", loop_getppid },
	{ "nothing", loop_nothing },
};

static _Noreturn void refuse(const char *why)
{
	fprintf(stderr, "timed-loop: %s\n", why);
	exit(USAGE);
}

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void stay_on(const char *cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(atoi(cpu), &set);
	if (sched_setaffinity(0, sizeof set, &set) != 0)
		refuse("no such CPU");
}

static void find_vdso(void)
{
	void *image = dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
	void *found = image == NULL ? NULL : dlsym(image, "__vdso_clock_gettime");
	memcpy(&vdso_clock_gettime, &found, sizeof found);
}

static void run(const char *how, uint64_t amount, size_t loop, clockid_t clock)
{
	uint64_t calls = 0;
	const int by_time = strcmp(how, "for") == 0;
	if (!by_time)
		loops[loop].run(clock, amount / 4);
	const uint64_t cpu_start = nanoseconds(CLOCK_THREAD_CPUTIME_ID), start = nanoseconds(CLOCK_MONOTONIC);
	uint64_t end = start;
	if (!by_time) {
		loops[loop].run(clock, calls = amount);
		end = nanoseconds(CLOCK_MONOTONIC);
	}
	for (; by_time && end - start < amount * 1000000; end = nanoseconds(CLOCK_MONOTONIC)) {
		loops[loop].run(clock, CALLS_BETWEEN_LOOKS);
		calls += CALLS_BETWEEN_LOOKS;
	}
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", calls, end - start, nanoseconds(CLOCK_THREAD_CPUTIME_ID) - cpu_start);
}

int main(int count, char **texts)
{
	char how[8], name[16], line[80];
	unsigned long long amount;
	int clock;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (count > 1)
		stay_on(texts[1]);
	find_vdso();
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof line, stdin) != NULL) {
		clock = CLOCK_MONOTONIC;
		if (sscanf(line, "%7s %llu %15s %d", how, &amount, name, &clock) < 3)
			refuse("expected: for MS CALL [CLOCK], or: times N CALL [CLOCK]");
		size_t loop = 0;
		while (loop < sizeof loops / sizeof loops[0] && strcmp(loops[loop].name, name) != 0)
			loop++;
		if (loop == sizeof loops / sizeof loops[0] || (loops[loop].run == loop_vdso && vdso_clock_gettime == NULL))
			refuse("no such call here");
		run(how, amount, loop, clock);
	}
	return EXIT_SUCCESS;
}
