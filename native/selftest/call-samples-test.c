#include "../call-samples.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../entries.h"
#include "selftest.h"

enum { RING_BYTES = 65536, CAPACITY = 64 };

static const uint64_t each[VT_CALL_EVENTS_MAX] = { 1, 1, 1, 1, 1, 1, 1, 1 };

static uint32_t tracepoint_id(void)
{
	FILE *file = fopen("/sys/kernel/tracing/events/syscalls/sys_enter_clock_gettime/id", "r");
	unsigned id = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "%u", &id) != 1)
		id = 0;
	fclose(file);
	return id;
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

static uint32_t own_tid(void)
{
	return (uint32_t)syscall(SYS_gettid);
}

static bool is_refusal(int32_t result)
{
	return result == -EACCES || result == -EPERM || result == -ENOSPC || result == -ENOTSUP;
}

/* Opens and arms for a moment, to see whether this is permitted here. */
static bool opens(const struct vt_call_event *events, uint32_t count, struct vt_call_samples *samples, const char *what)
{
	const uint32_t bounds[VT_CALL_EVENTS_MAX] = { 1, 1 };
	int32_t result = vt_call_samples_open(own_tid(), RING_BYTES, samples);

	if (result == 0)
		result = vt_call_samples_arm(samples, events, count, each, bounds);
	vt_call_samples_disarm(samples);
	if (is_refusal(result)) {
		skip("%s: refused (%d)", what, result);
		vt_call_samples_close(samples);
		return false;
	}
	return check(result == (int32_t)count, "%s open on our own thread (%d)", what, result);
}

static void call_vdso(int calls)
{
	struct timespec ts;

	for (int i = 0; i < calls; i++)
		clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
}

static void call_kernel(int calls)
{
	struct timespec ts;

	for (int i = 0; i < calls; i++)
		syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &ts);
}

static bool is_whole(const struct vt_call_sample *sample, uint32_t slot)
{
	return sample->fn == VT_FN_CLOCK_GETTIME && sample->slot == slot && sample->bits == 64 && sample->at_ns != 0 &&
	       sample->stack_bytes == VT_CALL_STACK_MIN;
}

static void catch_vdso_calls(const struct vt_call_event *event, struct vt_call_samples *samples, struct vt_call_sample *out)
{
	struct vt_call_totals totals;
	uint32_t bounds[VT_CALL_EVENTS_MAX] = { 5 };
	int32_t caught;

	call_vdso(10);
	check(vt_call_samples_read(samples, event, out, CAPACITY, &totals) == 0, "nothing is caught before it is armed");
	for (int round = 0; round < 300; round++) {
		bounds[0] = 5 + round % 3;
		caught = vt_call_samples_arm(samples, event, 1, each, bounds);
		call_vdso(round % 2 == 0 ? 100 : 2);
		vt_call_samples_disarm(samples);
		call_vdso(10);
		if (caught == 1)
			caught = vt_call_samples_read(samples, event, out, CAPACITY, &totals);
		if (caught < 2 || caught > 8 || !is_whole(&out[0], CLOCK_MONOTONIC_COARSE) || totals.lost + totals.unusable != 0 ||
		    (round % 2 == 0 && (caught < 5 || samples->left[0] != 0))) {
			check(false, "round %d: %d caught, %u left, %u lost", round, caught, samples->left[0], totals.lost);
			return;
		}
	}
	check(out[0].at_ns >= samples->armed_at_ns - 1000000 && out[caught - 1].at_ns <= samples->disarmed_at_ns,
	      "three hundred armings of one event each catch their bound or all there was, between arming and disarming");
	vt_call_samples_release(samples);
	check(samples->fds[0] < 0 && samples->leader_fd >= 0, "what is released holds no event, and keeps its room");
	bounds[0] = 60;
	vt_call_samples_arm(samples, event, 1, each, bounds);
	call_vdso(100);
	check(vt_call_samples_read(samples, event, out, 3, &totals) == 3 && vt_call_samples_read(samples, event, out, CAPACITY, &totals) == 57,
	      "no more is written than fits, the rest comes with the next reading");
	bounds[0] = 1000000;
	check(vt_call_samples_arm(samples, event, 1, each, bounds) == -EINVAL, "more samples than the ring holds are refused");
}

/* One sample of many calls, and all of them counted. */
static void count_vdso_calls(const struct vt_call_event *event, struct vt_call_samples *samples, struct vt_call_sample *out)
{
	const uint64_t periods[VT_CALL_EVENTS_MAX] = { 50 };
	const uint32_t bounds[VT_CALL_EVENTS_MAX] = { 1 };
	struct vt_call_totals totals;

	vt_call_samples_disarm(samples);
	for (int calls = 40; calls <= 60; calls += 20) {
		vt_call_samples_release(samples);
		check(vt_call_samples_arm(samples, event, 1, periods, bounds) == 1, "a breakpoint is armed to count");
		call_vdso(calls);
		check(vt_call_samples_disarm(samples) == 0, "and disarmed");
		check(samples->counts[0] == (calls < 50 ? 40u : 50u), "it counts %d calls as %u, and none beyond its bound", calls,
		      (uint32_t)samples->counts[0]);
		check(vt_call_samples_read(samples, event, out, CAPACITY, &totals) == (calls < 50 ? 0 : 1),
		      "and catches but the one that used it up");
	}
}

/* One that used up its bound is taken away at once; the other one looks on to the end. */
static void drop_used_up(const struct vt_call_event *breakpoint, struct vt_call_sample *out)
{
	struct vt_call_event events[2] = { *breakpoint, *breakpoint };
	const uint32_t bounds[VT_CALL_EVENTS_MAX] = { 5, 5 };
	struct vt_call_samples samples;
	struct vt_call_totals totals;
	int32_t of_first = 0, caught;

	events[1].address = own_vdso_function("__vdso_time");
	events[1].fn = VT_FN_TIME;
	if (events[1].address == 0) {
		skip("a used-up bound beside another: our vDSO has no __vdso_time");
		return;
	}
	check(vt_call_samples_open(own_tid(), RING_BYTES, &samples) == 0 &&
		      vt_call_samples_arm(&samples, events, 2, each, bounds) == 2,
	      "two breakpoints are armed");
	time(NULL);
	call_vdso(4);
	check(vt_call_samples_drop_used_up(&samples) == 0, "of which neither is used up");
	call_vdso(6);
	check(vt_call_samples_drop_used_up(&samples) == 1 && samples.fds[0] < 0 && samples.fds[1] >= 0, "then one is, and is taken away");
	check(vt_call_samples_drop_used_up(&samples) == 0, "once");
	time(NULL);
	check(vt_call_samples_disarm(&samples) == 0 && samples.counts[0] == 5 && samples.counts[1] == 2,
	      "both counts stand: %u and %u", (uint32_t)samples.counts[0], (uint32_t)samples.counts[1]);
	check(samples.dropped_at_ns[0] > samples.armed_at_ns && samples.dropped_at_ns[0] < samples.disarmed_at_ns &&
		      samples.dropped_at_ns[1] == 0,
	      "and when the one was taken away");
	caught = vt_call_samples_read(&samples, events, out, CAPACITY, &totals);
	for (int32_t i = 0; i < caught; i++)
		of_first += out[i].event == 0;
	check(caught == 7 && of_first == 5 && samples.left[0] == 0 && samples.left[1] == 3, "all seven calls are read: %d of %d",
	      of_first, caught);
	check(vt_call_samples_arm(&samples, events, 2, each, bounds) == 2 && samples.dropped_at_ns[0] == 0, "it is armed again");
	vt_call_samples_close(&samples);
}

static void catch_kernel_calls(const struct vt_call_event *events, struct vt_call_samples *samples, struct vt_call_sample *out)
{
	const uint64_t periods[VT_CALL_EVENTS_MAX] = { 7, 11 };
	const uint32_t bounds[VT_CALL_EVENTS_MAX] = { 16, 16 };
	struct vt_call_totals totals;
	int32_t caught;

	check(vt_call_samples_arm(samples, events, 2, periods, bounds) == 2, "tracepoints are armed");
	call_kernel(70);
	vt_call_samples_disarm(samples);
	/* Arming and disarming ask for the time, too. */
	check(samples->counts[0] == 72 && samples->counts[1] == 2, "all are counted: %u", (uint32_t)samples->counts[0]);
	caught = vt_call_samples_read(samples, events, out, CAPACITY, &totals);
	check(caught >= 10 && caught <= 11, "one entry of seven is caught, those of another clock are filtered out: %d", caught);
	for (int32_t i = 0; i < caught; i++)
		check(is_whole(&out[i], CLOCK_BOOTTIME) && out[i].event == 0 && out[i].first == (i == 0), "entry %d of clock %u", i,
		      out[i].slot);
}

void test_call_samples(void)
{
	struct vt_call_event breakpoint = { .fn = VT_FN_CLOCK_GETTIME, .stack_bytes = VT_CALL_STACK_MIN };
	struct vt_call_event tracepoints[2] = { breakpoint, breakpoint };
	struct vt_call_sample *out = malloc(CAPACITY * sizeof(*out));
	struct vt_call_samples samples;
	const uint32_t bounds[2] = { 1, 1 };
	double ns = 0;

	check(vt_call_samples_open(own_tid(), 65537, &samples) == -EINVAL, "a ring of no power of two is refused");
	check(vt_call_samples_open(own_tid(), RING_BYTES, &samples) == 0, "room for events on our own thread");
	check(vt_call_samples_arm(&samples, &breakpoint, 1, each, bounds) == -EINVAL, "an event without a place is refused");
	check(vt_call_samples_close(&samples) == 0, "and closes");
	breakpoint.address = own_vdso_function("__vdso_clock_gettime");
	if (breakpoint.address == 0)
		skip("breakpoints: our vDSO has no __vdso_clock_gettime");
	else if (vt_breakpoint_price(breakpoint.address, 32, 1, &ns) == -ENODATA)
		skip("breakpoints: this host lets them be set and delivers no hit");
	else if (opens(&breakpoint, 1, &samples, "breakpoints")) {
		catch_vdso_calls(&breakpoint, &samples, out);
		count_vdso_calls(&breakpoint, &samples, out);
		drop_used_up(&breakpoint, out);
		check(vt_call_samples_close(&samples) == 0 && vt_call_samples_close(&samples) == 0, "they close, twice");
		for (uint32_t caught = 0; caught <= 1; caught++) {
			check(vt_breakpoint_price(breakpoint.address, 32, caught, &ns) == 0, "hits are priced");
			check(ns > 0, "a hit that is %s has its price: %.0f ns", caught ? "caught" : "counted", ns);
		}
	}
	tracepoints[0].tracepoint_id = tracepoints[1].tracepoint_id = tracepoint_id();
	strcpy(tracepoints[1].filter, "which_clock == 1");
	if (tracepoints[0].tracepoint_id == 0)
		skip("tracepoints: no id in /sys/kernel/tracing");
	else if (opens(tracepoints, 2, &samples, "tracepoints")) {
		catch_kernel_calls(tracepoints, &samples, out);
		vt_call_samples_close(&samples);
		strcpy(tracepoints[1].filter, "no filter");
		check(vt_call_samples_open(own_tid(), RING_BYTES, &samples) == 0 &&
			      vt_call_samples_arm(&samples, tracepoints, 2, each, bounds) == 1 && samples.errors[1] < 0,
		      "a bad filter costs only its own event");
		vt_call_samples_close(&samples);
	}
	free(out);
}

/* Rings that no kernel writes: whatever they claim, reading them ends and stays inside. */
void test_hostile_call_ring(void)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE), data = 131072;
	struct perf_event_mmap_page *ring =
		mmap(NULL, page + data, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct vt_call_sample *out = malloc(CAPACITY * sizeof(*out));
	struct vt_call_samples samples = { .ring = (uintptr_t)ring, .ring_bytes = (uint32_t)data, .leader_fd = -1 };
	struct vt_call_event events[VT_CALL_EVENTS_MAX] = { { .fn = VT_FN_CLOCK_GETTIME } };
	struct vt_call_totals totals;
	uint32_t seed = 12345;
	int bad = 0;

	memset(samples.fds, -1, sizeof(samples.fds));
	samples.fds[0] = 1000000; /* taken for open, never used */
	samples.ids[0] = 7;
	for (int round = 0; round < 2000; round++) {
		uint32_t *words = (uint32_t *)((char *)ring + page);

		for (size_t i = 0; i < data / sizeof(*words); i++) {
			seed = seed * 1664525u + 1013904223u;
			words[i] = round % 2 == 0 ? seed : (seed >> 16) % 12;
		}
		/* Often a plausible header. */
		for (size_t at = 0; at + 16 < data && round % 4 != 0; at += 8 + (seed >> 24) * 8) {
			struct perf_event_header header = { .type = 1 + seed % 9, .size = (uint16_t)((seed >> 8) % 3000 & ~7u) };

			memcpy((char *)words + at, &header, sizeof(header));
			words[at / 4 + 2] = 7, words[at / 4 + 3] = 0;
			seed = seed * 1664525u + 1013904223u;
		}
		ring->data_tail = (uint64_t)round * 8;
		ring->data_head = ring->data_tail + (round % 7 == 0 ? UINT64_MAX / 2 : data);
		bad += vt_call_samples_read(&samples, events, out, CAPACITY, &totals) > CAPACITY;
	}
	check(bad == 0, "two thousand rings of nonsense are read to an end");
	munmap(ring, page + data);
	free(out);
}
