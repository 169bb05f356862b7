#include "call-samples.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "call-samples-group.h"

#ifdef SAMPLES_FRAMES
/* The leader samples nothing; events that share a ring must share its clock. */
static int32_t open_leader(struct vt_call_samples *samples, uint64_t bytes)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	void *ring;

	samples->leader_fd = perf_open(&attr, samples->tid, -1);
	if (samples->leader_fd < 0)
		return samples->leader_fd;
	/* Beyond kernel.perf_event_mlock_kb and RLIMIT_MEMLOCK the kernel answers EPERM: then a smaller one. */
	for (; bytes >= page_bytes(); bytes /= 2) {
		ring = mmap(NULL, page_bytes() + bytes, PROT_READ | PROT_WRITE, MAP_SHARED, samples->leader_fd, 0);
		if (ring != MAP_FAILED) {
			samples->ring = (uintptr_t)ring;
			samples->ring_bytes = (uint32_t)bytes;
			return 0;
		}
		if (errno != EPERM)
			break;
	}
	return -errno;
}
#else
static int32_t open_leader(struct vt_call_samples *samples, uint64_t bytes)
{
	(void)samples, (void)bytes;
	return -ENOTSUP;
}
#endif

int32_t vt_call_samples_open(uint32_t tid, uint32_t ring_bytes, struct vt_call_samples *out)
{
	const uint64_t bytes = ring_bytes > page_bytes() ? ring_bytes : page_bytes();
	int32_t result;

	memset(out, 0, sizeof(*out));
	memset(out->fds, -1, sizeof(out->fds));
	out->leader_fd = -1;
	out->tid = tid;
	result = (bytes & (bytes - 1)) != 0 ? -EINVAL : open_leader(out, bytes);
	if (result < 0)
		vt_call_samples_close(out);
	return result;
}

int32_t vt_call_samples_close(struct vt_call_samples *samples)
{
	vt_call_samples_release(samples);
	if (samples->leader_fd >= 0)
		close(samples->leader_fd);
	samples->leader_fd = -1;
	if (samples->ring != 0)
		munmap((void *)(uintptr_t)samples->ring, page_bytes() + samples->ring_bytes);
	samples->ring = 0;
	return 0;
}
