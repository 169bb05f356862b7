/*
 * Kernel entries by perf counters on the same tracepoints, one group per thread: needs CAP_PERFMON but not CAP_BPF, and
 * costs the target more, as every counter of a thread is tried on every call.
 */
#include "entries.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int32_t open_counter(const struct vt_perf_counter *counter, uint32_t tid, uint32_t inherit, int32_t leader)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = counter->tracepoint_id,
		.read_format = PERF_FORMAT_GROUP,
		.disabled = leader < 0,
		.inherit = 1,
		.inherit_thread = inherit == VT_INHERIT_THREADS,
		.exclude_kernel = counter->exclude_kernel,
	};
	long fd = syscall(SYS_perf_event_open, &attr, (pid_t)tid, -1, leader, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (counter->filter[0] != '\0' && ioctl((int)fd, PERF_EVENT_IOC_SET_FILTER, counter->filter) < 0) {
		int32_t error = -errno;

		close((int)fd);
		return error;
	}
	return (int32_t)fd;
}

int32_t vt_perf_entries_open(const struct vt_perf_counter *counters, uint32_t count, uint32_t tid, uint32_t inherit,
			     int32_t *fds)
{
	for (uint32_t i = 0; i < count; i++) {
		fds[i] = open_counter(&counters[i], tid, inherit, i == 0 ? -1 : fds[0]);
		if (fds[i] < 0) {
			int32_t error = fds[i];

			vt_perf_entries_close(fds, i);
			return error;
		}
	}
	return 0;
}

int32_t vt_perf_entries_enable(const int32_t *fds, uint32_t threads, uint32_t count)
{
	for (uint32_t t = 0; t < threads; t++)
		if (ioctl(fds[t * count], PERF_EVENT_IOC_ENABLE, 0) < 0)
			return -errno;
	return 0;
}

int32_t vt_perf_entries_read(const int32_t *fds, uint32_t threads, uint32_t count, uint64_t *totals)
{
	uint64_t values[1 + VT_PERF_COUNTERS_MAX]; /* how many, then each: PERF_FORMAT_GROUP */

	if (count > VT_PERF_COUNTERS_MAX)
		return -EINVAL;
	memset(totals, 0, count * sizeof(*totals));
	for (uint32_t t = 0; t < threads; t++) {
		ssize_t size = read(fds[t * count], values, (1 + count) * sizeof(*values));

		if (size != (ssize_t)((1 + count) * sizeof(*values)) || values[0] != count)
			return size < 0 ? -errno : -EIO;
		for (uint32_t i = 0; i < count; i++)
			totals[i] += values[1 + i];
	}
	return 0;
}

int32_t vt_perf_entries_close(int32_t *fds, uint32_t fd_count)
{
	for (uint32_t i = 0; i < fd_count; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
	return 0;
}

int32_t vt_raise_open_files(uint64_t wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;
	if (limit.rlim_cur >= wanted)
		return 0;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;
	return limit.rlim_cur < wanted ? -EMFILE : 0;
}
