#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "call-samples-group.h"

/* Of an event that is off, so that no CPU need be asked for it. */
static int32_t read_count(struct vt_call_samples *samples, uint32_t i)
{
	uint64_t counted = 0;

	samples->counts[i] = 0;
	if (samples->fds[i] < 0)
		return 0;
	if (read(samples->fds[i], &counted, sizeof(counted)) != (ssize_t)sizeof(counted))
		return -EIO;
	samples->counts[i] = counted - samples->counted[i];
	samples->counted[i] = counted;
	return 0;
}

int32_t vt_call_samples_disarm(struct vt_call_samples *samples)
{
	const uint64_t before = now_ns();
	int32_t result = 0;

	if (samples->leader_fd >= 0)
		ioctl(samples->leader_fd, PERF_EVENT_IOC_DISABLE, 0);
	samples->disarmed_at_ns = before + (now_ns() - before) / 2;
	for (uint32_t i = 0; i < VT_CALL_EVENTS_MAX; i++)
		if (samples->dropped_at_ns[i] == 0 && read_count(samples, i) < 0)
			result = -EIO;
	return result;
}

/* Its id stays, by which its records are known that are still to be read. */
static int32_t drop(struct vt_call_samples *samples, uint32_t i)
{
	const int32_t result = read_count(samples, i);

	close(samples->fds[i]);
	samples->fds[i] = -1;
	samples->counted[i] = 0;
	samples->dropped_at_ns[i] = now_ns();
	return result;
}

int32_t vt_call_samples_drop_used_up(struct vt_call_samples *samples)
{
	uint32_t records[VT_CALL_EVENTS_MAX];
	int32_t dropped = 0, result = 0;

	count_records(samples, records);
	for (uint32_t i = 0; i < VT_CALL_EVENTS_MAX; i++) {
		if (samples->fds[i] < 0 || samples->left[i] == 0 || records[i] < samples->left[i])
			continue;
		if (dropped++ == 0)
			ioctl(samples->leader_fd, PERF_EVENT_IOC_DISABLE, 0);
		if (drop(samples, i) < 0)
			result = -EIO;
	}
	if (dropped > 0 && ioctl(samples->leader_fd, PERF_EVENT_IOC_ENABLE, 0) < 0)
		result = -errno;
	return result < 0 ? result : dropped;
}
