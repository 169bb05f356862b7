/*
 * Between call-samples.c, which opens and closes the group of a thread, call-samples-arm.c, which opens and arms its events,
 * call-samples-disarm.c, call-samples-read.c, which reads its ring, and breakpoint-price.c.
 */
#ifndef VDSOTOP_CALL_SAMPLES_GROUP_H
#define VDSOTOP_CALL_SAMPLES_GROUP_H

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "call-samples.h"
#include "perf-ring.h"
#include "user-frames.h"

enum {
	/* identifier, ip, pid and tid, time, abi (perf_event_open(2), PERF_RECORD_SAMPLE) */
	FIXED_BYTES = sizeof(struct perf_event_header) + 5 * sizeof(uint64_t),
	RECORD_MAX = FIXED_BYTES + (REGISTER_COUNT + 2) * 8 + VT_CALL_STACK_MAX,
};

/* The system call itself: a breakpoint on our own vDSO must not be hit by asking for the time. */
static inline uint64_t now_ns(void)
{
	struct timespec ts = { 0 };

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static inline int32_t perf_open(struct perf_event_attr *attr, uint32_t tid, int32_t group)
{
	const long fd = syscall(SYS_perf_event_open, attr, (pid_t)tid, -1, group, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int32_t)fd;
}

/* Samples in the ring that are still to be read, by event of VT_CALL_EVENTS_MAX. */
void count_records(const struct vt_call_samples *samples, uint32_t *records);

#endif
