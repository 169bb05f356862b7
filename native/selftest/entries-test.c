#include "../entries.h"
#include "selftest.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
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
	check(vt_entries_read(&entries, counts, threads, CAPACITY, &totals) == 0, "it is read");
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

static uint64_t own_vdso_function(const char *name)
{
	static struct vt_vdso_symbol symbols[64];
	struct vt_vdso_image image;

	if (vt_vdso_own(&image, symbols, 64) != 0)
		return 0;
	for (uint32_t i = 0; i < image.symbol_count; i++)
		if (strcmp(symbols[i].name, name) == 0)
			return image.base + symbols[i].offset;
	return 0;
}

static void catch_own_calls(const struct vt_witness_plan *plan)
{
	const uint32_t capacity = 3; /* fewer than the hits: the rest must not be written */
	struct vt_witness_hit *hits = malloc(capacity * sizeof(*hits));
	struct vt_witness witness;
	struct timespec ts;
	int32_t result = vt_witness_open(plan, (uint32_t)syscall(SYS_gettid), &witness);

	if (result == -EACCES || result == -EPERM || result == -ENOSPC) {
		skip("execution breakpoints: refused (%d)", result);
		free(hits);
		return;
	}
	check(result == 0, "breakpoints on our own vDSO (%d)", result);
	for (int i = 0; i < 100; i++)
		clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	result = vt_witness_close(plan, &witness, hits, capacity);
	check(result == 3, "no more hits than fit: %d", result);
	for (int32_t i = 0; i < result; i++)
		check(hits[i].fn == VT_FN_CLOCK_GETTIME && hits[i].slot == CLOCK_MONOTONIC_COARSE, "hit of clock %u", hits[i].slot);
	check(vt_witness_close(plan, &witness, hits, capacity) == 0, "a closed witness has nothing to say");
	free(hits);
}

void test_witness(void)
{
	struct vt_witness_plan plan = { .hits = 5 };
	struct vt_witness witness;

	check(vt_witness_open(&plan, 1, &witness) == -EINVAL, "a plan without an address is refused");
	plan.addresses[0] = own_vdso_function("__vdso_clock_gettime");
	plan.functions[0] = VT_FN_CLOCK_GETTIME;
	if (plan.addresses[0] == 0) {
		skip("execution breakpoints: our vDSO has no __vdso_clock_gettime");
		return;
	}
	plan.hits = 1000000;
	check(vt_witness_open(&plan, 1, &witness) == -EINVAL, "more hits than the ring holds are refused");
	plan.hits = 5;
	catch_own_calls(&plan);
}
