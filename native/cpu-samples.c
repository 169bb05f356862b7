#include "cpu-samples.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cpu-samples-ring.h"
#include "user-frames.h"

static int32_t open_event(uint32_t tid, uint64_t period_ns, bool with_kernel, bool with_frames)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.size = sizeof(attr),
		.sample_period = period_ns,
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID,
		.disabled = 1,
		.exclude_kernel = !with_kernel,
		.exclude_hv = 1,
	};
	long fd;

	if (with_frames) {
		attr.sample_type |= PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
		attr.sample_regs_user = REGISTERS;
		attr.sample_stack_user = VT_CALL_STACK_MIN;
	}
	fd = syscall(SYS_perf_event_open, &attr, (pid_t)tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : (int32_t)fd;
}

static int32_t map_ring(struct vt_cpu_sampler *sampler)
{
	void *ring = mmap(NULL, page_bytes() + data_bytes(sampler), PROT_READ | PROT_WRITE, MAP_SHARED, sampler->fd, 0);

	if (ring == MAP_FAILED)
		return -errno;
	sampler->ring = (uintptr_t)ring;
	return 0;
}

int32_t vt_cpu_sampler_open(uint32_t tid, uint64_t period_ns, uint32_t with_frames, struct vt_cpu_sampler *out)
{
	int32_t result;

	*out = (struct vt_cpu_sampler){ .fd = -1, .tid = tid, .sees_kernel = 1, .with_frames = with_frames != 0 };
	if (period_ns == 0)
		return -EINVAL;
	if (with_frames && REGISTER_COUNT == 0)
		return -ENOTSUP;
	out->fd = open_event(tid, period_ns, true, with_frames);
	if (out->fd == -EACCES || out->fd == -EPERM) {
		out->sees_kernel = 0;
		out->fd = open_event(tid, period_ns, false, with_frames);
	}
	result = out->fd < 0 ? out->fd : map_ring(out);
	if (result < 0)
		vt_cpu_samplers_close(out, 1);
	return result;
}

int32_t vt_cpu_samplers_run(const struct vt_cpu_sampler *samplers, uint32_t count, uint32_t running, uint64_t period_ns)
{
	for (uint32_t i = 0; i < count; i++) {
		if (samplers[i].fd < 0)
			continue;
		/* A thread that has ended answers errors, and is no longer there to be sampled. */
		if (period_ns != 0)
			ioctl(samplers[i].fd, PERF_EVENT_IOC_PERIOD, &period_ns);
		ioctl(samplers[i].fd, running ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
	}
	return 0;
}

/* The count of a cpu-clock event is that time (kernel/events/core.c, cpu_clock_event_update). */
int32_t vt_cpu_samplers_time(const struct vt_cpu_sampler *samplers, uint32_t count, uint64_t *ns)
{
	for (uint32_t i = 0; i < count; i++)
		if (samplers[i].fd < 0 || read(samplers[i].fd, &ns[i], sizeof(ns[i])) != (ssize_t)sizeof(ns[i]))
			ns[i] = 0;
	return 0;
}

int32_t vt_cpu_samplers_close(struct vt_cpu_sampler *samplers, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (samplers[i].ring != 0)
			munmap((void *)(uintptr_t)samplers[i].ring, page_bytes() + data_bytes(&samplers[i]));
		if (samplers[i].fd >= 0)
			close(samplers[i].fd);
		samplers[i].ring = 0;
		samplers[i].fd = -1;
	}
	return 0;
}
