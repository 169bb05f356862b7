/*
 * A witness that a thread calls the vDSO, which no tracer sees: execution breakpoints on the vDSO's functions, a bounded
 * number of hits each, with the clock id from the first argument register. The breakpoints live in the thread's perf
 * context; nothing is written to the target.
 */
#include "entries.h"

#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <asm/perf_regs.h>
#define FIRST_ARGUMENT PERF_REG_X86_DI
#elif defined(__aarch64__)
#include <asm/perf_regs.h>
#define FIRST_ARGUMENT PERF_REG_ARM64_X0
#endif

/* What PERF_SAMPLE_IP | TID | TIME | REGS_USER puts into a record (perf_event_open(2)). */
struct sample {
	struct perf_event_header header;
	uint64_t ip;
	uint32_t pid, tid;
	uint64_t time;
	uint64_t abi;
	uint64_t first_argument;
};

static uint64_t page_bytes(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

#ifdef FIRST_ARGUMENT
static int32_t open_breakpoint(uint64_t address, uint32_t tid)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attr),
		.bp_type = HW_BREAKPOINT_X,
		.bp_addr = address,
		.bp_len = sizeof(long),
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_REGS_USER,
		.sample_regs_user = 1ull << FIRST_ARGUMENT,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	long fd = syscall(SYS_perf_event_open, &attr, (pid_t)tid, -1, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int32_t)fd;
}
#else
static int32_t open_breakpoint(uint64_t address, uint32_t tid)
{
	(void)address, (void)tid;
	return -ENOTSUP;
}
#endif

/* One ring for all breakpoints of the thread: that of the first, of one page, which holds more hits than are allowed. */
static int32_t share_ring(struct vt_witness *witness, int32_t fd)
{
	void *ring;

	if (witness->ring != 0)
		return ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, witness->fds[0]) < 0 ? -errno : 0;
	ring = mmap(NULL, 2 * page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ring == MAP_FAILED)
		return -errno;
	witness->ring = (uintptr_t)ring;
	return 0;
}

static int32_t arm(const struct vt_witness_plan *plan, const struct vt_witness *witness)
{
	for (int i = 0; i < VT_WITNESS_MAX; i++)
		if (witness->fds[i] >= 0 && ioctl(witness->fds[i], PERF_EVENT_IOC_REFRESH, plan->hits) < 0)
			return -errno;
	return 0;
}

static void release(struct vt_witness *witness)
{
	for (int i = VT_WITNESS_MAX - 1; i >= 0; i--) {
		if (witness->fds[i] >= 0)
			close(witness->fds[i]);
		witness->fds[i] = -1;
	}
	if (witness->ring != 0)
		munmap((void *)(uintptr_t)witness->ring, 2 * page_bytes());
	witness->ring = 0;
}

int32_t vt_witness_open(const struct vt_witness_plan *plan, uint32_t tid, struct vt_witness *out)
{
	int32_t result = 0;

	out->ring = 0;
	memset(out->fds, -1, sizeof(out->fds));
	if (plan->addresses[0] == 0 || plan->hits == 0 || plan->hits * VT_WITNESS_MAX * sizeof(struct sample) > page_bytes())
		return -EINVAL;
	for (int i = 0; i < VT_WITNESS_MAX && plan->addresses[i] != 0 && result >= 0; i++) {
		result = out->fds[i] = open_breakpoint(plan->addresses[i], tid);
		if (result >= 0)
			result = share_ring(out, out->fds[i]);
	}
	if (result >= 0)
		result = arm(plan, out);
	if (result < 0)
		release(out);
	return result < 0 ? result : 0;
}

/* As the counting programs tell clocks apart (entries-programs.c, clock_slot). */
static uint32_t slot_of(uint32_t fn, int32_t clock_id)
{
	const int32_t kind = clock_id & 7;

	if (fn != VT_FN_CLOCK_GETTIME && fn != VT_FN_CLOCK_GETRES)
		return 0;
	if (clock_id >= 0)
		return clock_id < VT_SLOT_PROCESS_CPU ? (uint32_t)clock_id : VT_SLOT_INVALID;
	if (kind == 3)
		return VT_SLOT_DESCRIPTOR;
	return kind == 7 ? VT_SLOT_INVALID : kind & 4 ? VT_SLOT_THREAD_CPU : VT_SLOT_PROCESS_CPU;
}

/* Returns false for a record that is no hit of the plan's. */
static int to_hit(const struct vt_witness_plan *plan, const struct sample *sample, struct vt_witness_hit *hit)
{
	for (int i = 0; i < VT_WITNESS_MAX && plan->addresses[i] != 0; i++) {
		if (sample->ip != plan->addresses[i] || sample->abi != PERF_SAMPLE_REGS_ABI_64)
			continue;
		hit->at_ns = sample->time;
		hit->fn = plan->functions[i];
		hit->slot = slot_of(hit->fn, (int32_t)sample->first_argument);
		return 1;
	}
	return 0;
}

/* The ring never wraps: vt_witness_open saw to it that all hits fit. */
static uint32_t read_hits(const struct vt_witness_plan *plan, const struct vt_witness *witness, struct vt_witness_hit *hits,
			  uint32_t capacity)
{
	const struct perf_event_mmap_page *page = (const void *)(uintptr_t)witness->ring;
	const uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
	const char *data = (const char *)page + page_bytes();
	uint32_t count = 0;

	for (uint64_t at = 0; at + sizeof(struct perf_event_header) <= head && head <= page_bytes();) {
		struct sample sample = { 0 };

		memcpy(&sample.header, data + at, sizeof(sample.header));
		if (sample.header.size < sizeof(sample.header) || at + sample.header.size > head)
			break;
		if (sample.header.type == PERF_RECORD_SAMPLE && sample.header.size == sizeof(sample)) {
			memcpy(&sample, data + at, sizeof(sample));
			if (count < capacity && to_hit(plan, &sample, &hits[count]))
				count++;
		}
		at += sample.header.size;
	}
	return count;
}

int32_t vt_witness_close(const struct vt_witness_plan *plan, struct vt_witness *witness, struct vt_witness_hit *hits,
			 uint32_t capacity)
{
	uint32_t count = 0;

	if (witness->ring != 0) {
		for (int i = 0; i < VT_WITNESS_MAX; i++)
			if (witness->fds[i] >= 0)
				ioctl(witness->fds[i], PERF_EVENT_IOC_DISABLE, 0);
		count = read_hits(plan, witness, hits, capacity);
	}
	release(witness);
	return (int32_t)count;
}
