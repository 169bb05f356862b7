/*
 * Exact kernel-entry counts by BPF programs on tracepoints, assembled by hand (entries-programs.c): no libbpf, no clang.
 *
 * One program per tracepoint, attached by way of a perf event that is opened disabled and never enabled: the program
 * runs all the same (kernel/trace/trace_syscalls.c, perf_syscall_enter) and perf writes no record.
 *
 * Every CPU has its own region in one array map that is mapped into our memory. A program runs with preemption disabled,
 * so nothing else writes to its CPU's region, and plain additions are exact; we only read (entries-read.c). Reading by
 * bpf(2) would be dearer, and the kernel passes over programs on a CPU meanwhile (bpf_disable_instrumentation).
 */
#include "bpf-objects.h"
#include "entries-programs.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

static uint64_t mapped_bytes(uint64_t region_bytes, uint32_t cpus)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return (region_bytes * cpus + page - 1) / page * page;
}

static int32_t create_maps(const struct vt_entries_plan *plan, struct vt_entries *e)
{
	void *mapped;

	e->step = VT_STEP_MAP;
	e->counters_fd = create_map_raising_limit(BPF_MAP_TYPE_ARRAY, (uint32_t)e->region_bytes, plan->cpus, BPF_F_MMAPABLE);
	if (e->counters_fd < 0)
		return e->counters_fd;
	mapped = mmap(NULL, mapped_bytes(e->region_bytes, e->cpus), PROT_READ | PROT_WRITE, MAP_SHARED, e->counters_fd, 0);
	if (mapped == MAP_FAILED)
		return -errno;
	e->regions = (uintptr_t)mapped;
	if (!(plan->flags & VT_ENTRIES_TREE))
		return 0;
	e->watched_fd = create_map_raising_limit(BPF_MAP_TYPE_ARRAY, PIDS_PER_VALUE, PID_LIMIT / PIDS_PER_VALUE, BPF_F_MMAPABLE);
	return e->watched_fd < 0 ? e->watched_fd : 0;
}

static int32_t attach(const struct vt_entries_plan *plan, uint32_t kind, const struct vt_tracepoint *tracepoint,
		      struct vt_entries *e)
{
	struct code code = { 0 };

	if (kind == VT_TP_NEWTASK)
		following_program(&code, plan, tracepoint, e);
	else
		counting_program(&code, plan, kind, tracepoint, e);
	e->step = VT_STEP_PROGRAM;
	e->program_fds[kind] = load_program(&code);
	if (e->program_fds[kind] < 0)
		return e->program_fds[kind];
	e->step = VT_STEP_EVENT;
	e->event_fds[kind] = open_event(tracepoint->id);
	if (e->event_fds[kind] < 0)
		return e->event_fds[kind];
	e->step = VT_STEP_ATTACH;
	if (ioctl(e->event_fds[kind], PERF_EVENT_IOC_SET_BPF, e->program_fds[kind]) < 0)
		return -errno;
	return 0;
}

static int is_wanted(const struct vt_entries_plan *plan, uint32_t kind)
{
	return kind < VT_TP_LINKAT || (plan->flags & VT_ENTRIES_COMPAT);
}

static int32_t attach_all(const struct vt_entries_plan *plan, const struct vt_tracepoint *tracepoints, struct vt_entries *e)
{
	/* Downwards: of a call that is under way when the counters are armed, VT_TP_RAW comes before what takes it back. */
	for (uint32_t kind = VT_TP_COUNT; kind-- > 0;) {
		int32_t result = 0;

		if (tracepoints[kind].id != 0 && is_wanted(plan, kind))
			result = attach(plan, kind, &tracepoints[kind], e);
		if (result < 0)
			return result;
	}
	e->armed_at_ns = now_ns();
	for (uint32_t cpu = 0; cpu < e->cpus; cpu++)
		__atomic_store_n(&region_of(e, cpu)->armed, 1, __ATOMIC_RELEASE);
	e->step = VT_STEP_NONE;
	return 0;
}

static int plan_is_possible(const struct vt_entries_plan *plan)
{
	const uint32_t keys = plan->keys;

	return plan->cpus > 0 && keys >= 16 && keys <= 65536 && (keys & (keys - 1)) == 0 &&
	       (plan->tgid != 0 || (plan->flags & VT_ENTRIES_TREE));
}

int32_t vt_entries_open(const struct vt_entries_plan *plan, const struct vt_tracepoint *tracepoints, struct vt_entries *out)
{
	int32_t result;

	memset(out, 0, sizeof(*out));
	out->counters_fd = out->watched_fd = -1;
	memset(out->program_fds, -1, sizeof(out->program_fds));
	memset(out->event_fds, -1, sizeof(out->event_fds));
	if (!plan_is_possible(plan))
		return -EINVAL;
	out->cpus = plan->cpus;
	out->keys = plan->keys;
	out->region_bytes = sizeof(struct region) + (plan->keys + PROBES - 1) * sizeof(struct key_count);
	result = create_maps(plan, out);
	if (result == 0)
		result = attach_all(plan, tracepoints, out);
	if (result < 0) {
		int32_t step = out->step;

		vt_entries_close(out);
		out->step = step;
	}
	return result;
}

static void close_fd(int32_t *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int32_t vt_entries_close(struct vt_entries *entries)
{
	for (uint32_t kind = 0; kind < VT_TP_COUNT; kind++) {
		close_fd(&entries->event_fds[kind]);
		close_fd(&entries->program_fds[kind]);
	}
	if (entries->regions != 0)
		munmap((void *)(uintptr_t)entries->regions, mapped_bytes(entries->region_bytes, entries->cpus));
	entries->regions = 0;
	close_fd(&entries->counters_fd);
	close_fd(&entries->watched_fd);
	return 0;
}
