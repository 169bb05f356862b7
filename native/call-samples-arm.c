#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "call-samples-group.h"
#include "entries.h"

#ifdef SAMPLES_FRAMES
/* PERF_SAMPLE_PERIOD is left out: with it the kernel delivers every hit of a software event (perf_swevent_event). */
static struct perf_event_attr attributes_of(const struct vt_call_event *event, uint64_t period)
{
	struct perf_event_attr attr = {
		.type = event->address != 0 ? PERF_TYPE_BREAKPOINT : PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = event->tracepoint_id,
		.sample_period = period,
		.sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME |
			       PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
		.sample_regs_user = REGISTERS,
		.sample_stack_user = event->stack_bytes,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.exclude_kernel = event->sees_kernel == 0,
		.exclude_hv = event->sees_kernel == 0,
		.exclude_callchain_user = 1,
	};

	if (event->address != 0) {
		attr.bp_type = HW_BREAKPOINT_X;
		attr.bp_addr = event->address;
		attr.bp_len = sizeof(long);
	}
	return attr;
}

static int32_t open_event(struct vt_call_samples *samples, const struct vt_call_event *event, uint64_t period, uint64_t *id)
{
	struct perf_event_attr attr = attributes_of(event, period);
	int32_t fd = perf_open(&attr, samples->tid, samples->leader_fd);

	if (fd < 0)
		return fd;
	if ((event->filter[0] != 0 && ioctl(fd, PERF_EVENT_IOC_SET_FILTER, event->filter) < 0) ||
	    ioctl(fd, PERF_EVENT_IOC_ID, id) < 0 || ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, samples->leader_fd) < 0) {
		const int32_t result = -errno;

		close(fd);
		return result;
	}
	return fd;
}
#else
static int32_t open_event(struct vt_call_samples *samples, const struct vt_call_event *event, uint64_t period, uint64_t *id)
{
	(void)samples, (void)event, (void)period, (void)id;
	return -ENOTSUP;
}
#endif

static int is_sound(const struct vt_call_event *event, uint64_t period)
{
	return (event->address != 0) != (event->tracepoint_id != 0) && event->fn < VT_FN_COUNT && event->stack_bytes % 8 == 0 &&
	       event->stack_bytes >= VT_CALL_STACK_MIN && event->stack_bytes <= VT_CALL_STACK_MAX && period != 0 &&
	       memchr(event->filter, 0, sizeof(event->filter)) != NULL;
}

static int is_sound_plan(const struct vt_call_samples *samples, const struct vt_call_event *events, uint32_t count,
			 const uint64_t *periods, const uint32_t *bounds)
{
	uint64_t wanted = 0;

	if (samples->ring == 0 || count == 0 || count > VT_CALL_EVENTS_MAX)
		return 0;
	for (uint32_t i = 0; i < count; i++) {
		if (!is_sound(&events[i], periods[i]))
			return 0;
		wanted += (uint64_t)bounds[i] * (RECORD_MAX - VT_CALL_STACK_MAX + events[i].stack_bytes);
	}
	return wanted <= samples->ring_bytes;
}

static void shut_event(struct vt_call_samples *samples, uint32_t i)
{
	if (samples->fds[i] >= 0)
		close(samples->fds[i]);
	samples->fds[i] = -1;
	samples->ids[i] = 0;
	samples->left[i] = 0;
	samples->counted[i] = 0;
}

/*
 * Under a leader that is off, an event costs the thread nothing and REFRESH is a mere addition to its bound (of which 0
 * would mean none: perf_event_refresh). One whose bound was used up is opened anew: on Linux 6.18 the kernel leaves it
 * stopped for good (__perf_event_overflow calls pmu->stop, and neither hw_breakpoint_add nor perf_trace_add starts it).
 */
static int32_t ready_event(struct vt_call_samples *samples, const struct vt_call_event *event, uint32_t i, uint64_t period,
			   uint32_t bound)
{
	if (samples->left[i] == 0 || samples->periods[i] != period || samples->in_doubt || bound == 0)
		shut_event(samples, i);
	if (bound == 0)
		return 0;
	if (samples->fds[i] < 0) {
		const int32_t fd = open_event(samples, event, period, &samples->ids[i]);

		if (fd < 0)
			return fd;
		samples->fds[i] = fd;
		samples->periods[i] = period;
	}
	if (samples->left[i] < bound && ioctl(samples->fds[i], PERF_EVENT_IOC_REFRESH, bound - samples->left[i]) < 0)
		return -errno;
	samples->left[i] = samples->left[i] < bound ? bound : samples->left[i];
	return 1;
}

int32_t vt_call_samples_arm(struct vt_call_samples *samples, const struct vt_call_event *events, uint32_t count,
			    const uint64_t *periods, const uint32_t *bounds)
{
	int32_t ready = 0, failure = -EINVAL;
	uint64_t before;

	if (!is_sound_plan(samples, events, count, periods, bounds))
		return -EINVAL;
	for (uint32_t i = 0; i < count; i++) {
		const int32_t result = ready_event(samples, &events[i], i, periods[i], bounds[i]);

		samples->dropped_at_ns[i] = 0;
		samples->errors[i] = result < 0 ? result : 0;
		if (result < 0)
			shut_event(samples, i);
		if (result < 0 && failure == -EINVAL)
			failure = result;
		ready += result == 1;
	}
	samples->in_doubt = 0;
	if (ready == 0)
		return failure;
	before = now_ns();
	if (ioctl(samples->leader_fd, PERF_EVENT_IOC_ENABLE, 0) < 0)
		return -errno;
	samples->armed_at_ns = before + (now_ns() - before) / 2;
	return ready;
}

/* The leader last: its members would run on their own for a moment. */
int32_t vt_call_samples_release(struct vt_call_samples *samples)
{
	for (uint32_t i = 0; i < VT_CALL_EVENTS_MAX; i++)
		shut_event(samples, i);
	return 0;
}
