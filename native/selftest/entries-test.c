#include "../entries.h"
#include "selftest.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CALLS = 1000, THREADS = 50, CAPACITY = 64 };

static uint32_t tracepoint_id(const char *event)
{
	char path[128];
	unsigned id = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/tracing/events/%s/id", event);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	if (fscanf(file, "%u", &id) != 1)
		id = 0;
	fclose(file);
	return id;
}

static void *enter_kernel(void *unused)
{
	struct timespec ts;

	for (int i = 0; i < CALLS; i++)
		syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &ts);
	return unused;
}

static void enter_in_threads(void)
{
	for (int i = 0; i < THREADS; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, enter_kernel, NULL) == 0)
			pthread_join(thread, NULL);
	}
}

static void count_own_calls(const struct vt_entries_plan *plan, const struct vt_tracepoint *tracepoints)
{
	struct vt_entries entries;
	struct vt_entries_totals totals;
	uint64_t counts[VT_FN_COUNT * VT_SLOT_COUNT];
	/* On the heap, so that the sanitizer sees a write past their end. */
	struct vt_thread_entries *threads = malloc(CAPACITY * sizeof(*threads));
	int32_t result = vt_entries_open(plan, tracepoints, &entries);
	uint64_t in_threads = 0, counted = 0;

	if (result == -EPERM || result == -EACCES) {
		skip("counting by BPF: not permitted (%d)", result);
		free(threads);
		return;
	}
	if (!check(result == 0, "the counter opens (%d, step %d)", result, entries.step)) {
		free(threads);
		return;
	}
	enter_in_threads();
	check(vt_enter_for_clock(CALLS) == 0, "the kernel is entered a known number of times");
	check(vt_entries_read(&entries, counts, threads, CAPACITY, &totals) == 0, "it is read");
	check(counts[CLOCK_MONOTONIC] >= CALLS, "which is counted: %llu", (unsigned long long)counts[CLOCK_MONOTONIC]);
	for (uint32_t i = 0; i < totals.thread_count; i++)
		in_threads += threads[i].count;
	for (int i = 0; i < VT_FN_COUNT * VT_SLOT_COUNT; i++)
		counted += counts[i]; /* on a slow host vt_entries_read itself enters the kernel for CLOCK_MONOTONIC */
	check(counts[CLOCK_BOOTTIME] == THREADS * CALLS, "%u keys: every call of %d threads is counted: %llu", plan->keys, THREADS,
	      (unsigned long long)counts[CLOCK_BOOTTIME]);
	check(in_threads + totals.unattributed == counted, "each is laid to a thread or said not to be: %llu + %llu",
	      (unsigned long long)in_threads, (unsigned long long)totals.unattributed);
	check(vt_entries_read(&entries, counts, threads, 16, &totals) == 0 && totals.thread_count <= 16,
	      "a table that is too small is filled, not overrun");
	check(vt_entries_close(&entries) == 0 && vt_entries_close(&entries) == 0, "it closes, twice");
	check(vt_entries_read(&entries, counts, threads, CAPACITY, &totals) == -EINVAL, "and is read no more");
	free(threads);
}

enum { MANY_THREADS = 500, MANY_CLOCKS = 32, LARGE = 32768, SMALL = 4096, READINGS = 3 };

/* Of a clock that is none too: an entry is an entry. */
static void *enter_for_many_clocks(void *unused)
{
	struct timespec ts;

	for (int clock = 0; clock < MANY_CLOCKS; clock++)
		syscall(SYS_clock_gettime, clock, &ts);
	return unused;
}

/* CPU time of the quickest of some readings into a table of so many entries. */
static int64_t reading_ns(const struct vt_entries *entries, struct vt_thread_entries *threads, uint32_t capacity,
			  struct vt_entries_totals *totals)
{
	uint64_t counts[VT_FN_COUNT * VT_SLOT_COUNT];
	int64_t quickest = INT64_MAX;

	for (int i = 0; i < READINGS; i++) {
		struct timespec from, to;
		int64_t ns;

		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
		vt_entries_read(entries, counts, threads, capacity, totals);
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
		ns = (int64_t)(to.tv_sec - from.tv_sec) * 1000000000 + to.tv_nsec - from.tv_nsec;
		quickest = ns < quickest ? ns : quickest;
	}
	return quickest;
}

/* Threads that are gone stay in the tables: what is read must not be looked for in all of a full one, each of them anew. */
static void read_into_a_full_table(struct vt_entries_plan plan, const struct vt_tracepoint *tracepoints)
{
	struct vt_thread_entries *threads = malloc(LARGE * sizeof(*threads));
	struct vt_entries entries;
	struct vt_entries_totals totals;
	int64_t large_ns, small_ns;
	pthread_t thread;
	int32_t result;

	plan.keys = LARGE / 2;
	result = vt_entries_open(&plan, tracepoints, &entries);
	if (result == -EPERM || result == -EACCES) {
		skip("reading a full table: not permitted (%d)", result);
	} else if (check(result == 0, "a large counter opens (%d, step %d)", result, entries.step)) {
		for (int i = 0; i < MANY_THREADS; i++)
			if (pthread_create(&thread, NULL, enter_for_many_clocks, NULL) == 0)
				pthread_join(thread, NULL);
		large_ns = reading_ns(&entries, threads, LARGE, &totals);
		check(totals.thread_count >= MANY_THREADS * MANY_CLOCKS * 9 / 10, "a table with room has nearly all: %u",
		      totals.thread_count);
		small_ns = reading_ns(&entries, threads, SMALL, &totals);
		check(totals.thread_count > SMALL / 2 && totals.unattributed >= MANY_THREADS * MANY_CLOCKS - SMALL,
		      "a small one is full: %u, and %llu in none", totals.thread_count, (unsigned long long)totals.unattributed);
		check(small_ns < 10 * large_ns, "and that is seen soon: %lld ns, %lld ns with room", (long long)small_ns,
		      (long long)large_ns);
		vt_entries_close(&entries);
	}
	free(threads);
}

#if defined(__x86_64__)
/* clock_gettime(CLOCK_BOOTTIME, NULL) of the 32-bit table: EFAULT, and an entry all the same. */
static void enter_as_32_bit_code(void)
{
	long answer;

	__asm__ volatile("int $0x80" : "=a"(answer) : "0"(265L), "b"((long)CLOCK_BOOTTIME), "c"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	(void)answer;
}

/* Without 32-bit emulation the gate is a fault: tried in a child. */
static int has_32_bit_gate(void)
{
	int status = 1;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGSEGV, SIG_DFL); /* a sanitizer would report it and exit */
		enter_as_32_bit_code();
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void count_32_bit_calls(struct vt_entries_plan plan, struct vt_tracepoint *tracepoints)
{
	struct vt_thread_entries threads[CAPACITY];
	uint64_t counts[VT_FN_COUNT * VT_SLOT_COUNT];
	struct vt_entries_totals totals;
	struct vt_entries entries;
	int32_t result;

	tracepoints[VT_TP_LINKAT] =
		(struct vt_tracepoint){ .id = tracepoint_id("syscalls/sys_enter_linkat"), .argument_offset = 16 };
	tracepoints[VT_TP_RAW] = (struct vt_tracepoint){
		.id = tracepoint_id("raw_syscalls/sys_enter"), .argument_offset = 16, .flags_offset = 8
	};
	if (!has_32_bit_gate()) {
		skip("counting 32-bit calls: this kernel runs no 32-bit code");
		return;
	}
	plan.keys = 1024;
	plan.flags |= VT_ENTRIES_COMPAT;
	result = vt_entries_open(&plan, tracepoints, &entries);
	if (result == -EPERM || result == -EACCES) {
		skip("counting 32-bit calls: not permitted (%d)", result);
		return;
	}
	if (!check(result == 0, "the counter of 32-bit calls opens (%d, step %d)", result, entries.step))
		return;
	for (int i = 0; i < CALLS; i++) {
		syscall(SYS_linkat, CLOCK_TAI, "", -1, "", 0);
		enter_as_32_bit_code();
	}
	check(vt_entries_read(&entries, counts, threads, CAPACITY, &totals) == 0, "it is read");
	check(counts[CLOCK_BOOTTIME] == CALLS, "32-bit calls of our own are counted: %llu",
	      (unsigned long long)counts[CLOCK_BOOTTIME]);
	check(counts[CLOCK_TAI] == 0 && totals.unattributed == 0, "64-bit calls of the same number are not: %llu",
	      (unsigned long long)counts[CLOCK_TAI]);
	vt_entries_close(&entries);
}
#endif

void test_entries(void)
{
	struct vt_tracepoint tracepoints[VT_TP_COUNT] = { 0 };
	struct vt_entries_plan plan = { .tgid = (uint32_t)getpid(), .cpus = (uint32_t)sysconf(_SC_NPROCESSORS_CONF), .keys = 1024 };
	struct vt_entries entries;

	tracepoints[VT_FN_CLOCK_GETTIME] =
		(struct vt_tracepoint){ .id = tracepoint_id("syscalls/sys_enter_clock_gettime"), .argument_offset = 16 };
	plan.keys = 100;
	check(vt_entries_open(&plan, tracepoints, &entries) == -EINVAL, "a table that is no power of two is refused");
	if (tracepoints[VT_FN_CLOCK_GETTIME].id == 0) {
		skip("counting by BPF: no tracepoint id in /sys/kernel/tracing");
		return;
	}
	for (plan.keys = 1024; plan.keys >= 16; plan.keys /= 64)
		count_own_calls(&plan, tracepoints);
	read_into_a_full_table(plan, tracepoints);
#if defined(__x86_64__)
	count_32_bit_calls(plan, tracepoints);
#endif
}

void test_perf_entries(void)
{
	struct vt_perf_counter counters[2] = { { .exclude_kernel = 1 },
					       { .exclude_kernel = 1, .filter = "!(which_clock & 0xfffffff8)" } };
	uint64_t totals[2];
	int32_t fds[2], result;

	counters[0].tracepoint_id = counters[1].tracepoint_id = tracepoint_id("syscalls/sys_enter_clock_gettime");
	if (counters[0].tracepoint_id == 0) {
		skip("counting by perf: no tracepoint id in /sys/kernel/tracing");
		return;
	}
	result = vt_perf_entries_open(counters, 2, (uint32_t)getpid(), VT_INHERIT_ALL, fds);
	if (result == -EACCES || result == -EPERM) {
		skip("counting by perf: not permitted (%d)", result);
		return;
	}
	if (!check(result == 0, "perf counters open (%d)", result))
		return;
	check(vt_perf_entries_enable(fds, 1, 2) == 0, "they start");
	enter_in_threads();
	check(vt_perf_entries_read(fds, 1, 2, totals) == 0, "they are read");
	check(totals[0] == THREADS * CALLS && totals[1] == THREADS * CALLS,
	      "every call of later threads is counted, filtered too: %llu, %llu", (unsigned long long)totals[0],
	      (unsigned long long)totals[1]);
	check(vt_perf_entries_read(fds, 1, VT_PERF_COUNTERS_MAX + 1, totals) == -EINVAL, "too many counters are refused");
	check(vt_perf_entries_close(fds, 2) == 0 && fds[0] == -1 && fds[1] == -1, "they close");
	strcpy(counters[1].filter, "no filter");
	check(vt_perf_entries_open(counters, 2, (uint32_t)getpid(), VT_INHERIT_ALL, fds) < 0, "a bad filter is refused");
}
