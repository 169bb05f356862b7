/*
 * Catching a few of a thread's clock reads with registers and user stack: where they enter the kernel (tracepoints) and
 * where they enter the vDSO (execution breakpoints), which no tracer sees. One thread's events stay open, share one ring
 * and are armed for a moment at a time, each for a bounded number of samples. The events live in the thread's perf context:
 * nothing is written to the target. The rules of vdsotop.h hold.
 */
#ifndef VDSOTOP_CALL_SAMPLES_H
#define VDSOTOP_CALL_SAMPLES_H

#include <stdint.h>

#include "vdsotop.h"

enum {
	VT_CALL_EVENTS_MAX = 8,
	VT_CALL_FILTER_BYTES = 160,
	VT_CALL_STACK_MIN = 512,
	VT_CALL_STACK_MAX = 2048,
	VT_CALL_REGISTERS = 16, /* room; those used are named in src/collect/calls/call-registers.ts, in the order of the kernel's numbers */
};

/* One place at which to catch calls: either a breakpoint or a tracepoint. */
struct vt_call_event {
	uint64_t address;       /* of a function of the target's vDSO; 0: a tracepoint */
	uint32_t tracepoint_id; /* of its `id` file */
	uint32_t fn;            /* VT_FN_*: what is called there; of VT_FN_VSYSCALL_* any: the address tells which */
	uint32_t sees_kernel;   /* 1: do not leave the kernel out, which a tracepoint outside system call entry needs */
	uint32_t stack_bytes;   /* VT_CALL_STACK_MIN to _MAX, a multiple of 8 */
	char filter[VT_CALL_FILTER_BYTES]; /* tracing filter syntax, "" for none */
};

/*
 * The events of one thread: a group under a leader that counts nothing and owns the ring, so that one call arms them all at
 * one moment. The caller keeps the bytes and hands them back.
 */
struct vt_call_samples {
	uint64_t ring; /* address */
	uint64_t armed_at_ns; /* CLOCK_MONOTONIC */
	uint64_t disarmed_at_ns;
	uint64_t ids[VT_CALL_EVENTS_MAX];
	uint64_t periods[VT_CALL_EVENTS_MAX];
	uint64_t counts[VT_CALL_EVENTS_MAX];  /* calls from arming to disarming, caught or not; as of the last disarming */
	uint64_t counted[VT_CALL_EVENTS_MAX]; /* the same since it was opened */
	uint64_t dropped_at_ns[VT_CALL_EVENTS_MAX]; /* 0, or when its used-up bound was noticed before the disarming */
	int32_t fds[VT_CALL_EVENTS_MAX];    /* -1: not armed */
	int32_t errors[VT_CALL_EVENTS_MAX]; /* 0, or the -errno for which it could not be armed */
	uint32_t left[VT_CALL_EVENTS_MAX];  /* samples that each may still take: 0 once its bound is used up */
	int32_t leader_fd;
	uint32_t tid;
	uint32_t ring_bytes;
	uint32_t in_doubt; /* 1: a record was lost, so `left` may be wrong: the next arming opens anew */
};

struct vt_call_sample {
	uint64_t at_ns; /* CLOCK_MONOTONIC */
	uint32_t event; /* index in the plan */
	uint32_t fn;    /* VT_FN_* */
	uint32_t slot;  /* VT_SLOT_* or a clock id; 0 for functions that take no clock id */
	uint32_t bits;  /* 32 or 64: of the code that was running */
	uint32_t stack_bytes; /* of `stack`, from the stack pointer upward; 0: it could not be read */
	uint32_t first;       /* 1: the first of its event since it was armed */
	uint64_t registers[VT_CALL_REGISTERS];
	uint8_t stack[VT_CALL_STACK_MAX];
};

struct vt_call_totals {
	uint32_t lost;      /* records that the kernel dropped */
	uint32_t throttled; /* times the kernel held an event back: what was seen meanwhile is not all there was */
	uint32_t unusable;  /* samples without user registers, or that make no sense */
	uint32_t reserved;
};

/*
 * Makes room for events on a thread, with a ring of `ring_bytes`, a power of two, or of the half or less where the kernel
 * locks no more: out->ring_bytes. 0; -EACCES or -EPERM: not permitted; -ESRCH: no such thread; -ENOTSUP: not on this
 * architecture.
 */
VT_EXPORT int32_t vt_call_samples_open(uint32_t tid, uint32_t ring_bytes, struct vt_call_samples *out);

/*
 * Arms events[i] for at most bounds[i] samples (0: not at all), one of every periods[i] calls. `events` must be those of the
 * arming before, or the samples be new. What is left of an earlier bound counts into this one, so the ring is to be read first.
 * Number of events armed, samples->errors tells why others are not; -errno of the first where none is: -ENOSPC or -EBUSY
 * the debug registers are taken; -EINVAL an impossible plan, or more samples than the ring holds.
 */
VT_EXPORT int32_t vt_call_samples_arm(struct vt_call_samples *samples, const struct vt_call_event *events, uint32_t count,
				      const uint64_t *periods, const uint32_t *bounds);

/*
 * Takes events whose bound is used up from the thread, while the others look on, but for some microseconds: the kernel is to
 * do that by itself and does not always, and calls are trapped on, uncounted. Number of those taken; -EIO: as disarming;
 * -errno: the others could not be armed again.
 */
VT_EXPORT int32_t vt_call_samples_drop_used_up(struct vt_call_samples *samples);

/*
 * Disarms; what was caught stays in the ring, and how many calls there were stands in samples->counts: with a period as long
 * as may be counted, they cost the thread a fraction of what catching takes. 0; -EIO: a count could not be read, and is 0.
 */
VT_EXPORT int32_t vt_call_samples_disarm(struct vt_call_samples *samples);

/* Takes at most `capacity` samples of `events` out of the ring, oldest first. Their number; `totals` are those of this reading. */
VT_EXPORT int32_t vt_call_samples_read(struct vt_call_samples *samples, const struct vt_call_event *events, struct vt_call_sample *out,
				       uint32_t capacity, struct vt_call_totals *totals);

/*
 * Gives back what the events hold, debug registers foremost, so that a debugger finds them free between two armings; room
 * and ring stay. After the ring was read. 0.
 */
VT_EXPORT int32_t vt_call_samples_release(struct vt_call_samples *samples);

/* Closes; harmless when closed. 0. */
VT_EXPORT int32_t vt_call_samples_close(struct vt_call_samples *samples);

/*
 * What one hit costs: calls our own vDSO's clock_gettime, `address`, `hits` times with and without a breakpoint there on
 * the calling thread, each hit caught with registers and stack (`caught` 1) or merely counted (0). 0 with *ns_per_hit, or
 * -errno as vt_call_samples_open; -ENODATA: a breakpoint can be set, and no call hits it.
 */
VT_EXPORT int32_t vt_breakpoint_price(uint64_t address, uint32_t hits, uint32_t caught, double *ns_per_hit);

#endif
