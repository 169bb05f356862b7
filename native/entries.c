/*
 * Exact kernel-entry counts by BPF programs on tracepoints, assembled by hand (entries-programs.c): no libbpf, no clang.
 *
 * One program per tracepoint, attached by way of a perf event that is opened disabled and never enabled: the program
 * runs all the same (kernel/trace/trace_syscalls.c, perf_syscall_enter) and perf writes no record.
 *
 * Every CPU has its own region in one array map that is mapped into our memory. A program runs with preemption disabled,
 * so nothing else writes to its CPU's region, and plain additions are exact; we only read. Reading by bpf(2) would be
 * dearer, and the kernel passes over programs on a CPU meanwhile (bpf_disable_instrumentation).
 */
#include "entries-programs.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define WATCHED_MAX 16384u
#define MEMLOCK_WANTED (256ull << 20)
#define LOAD_ATTEMPTS 5

/* ---- System calls ----------------------------------------------------------------------------------------------- */

static int32_t bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	long result = syscall(SYS_bpf, command, attr, sizeof(*attr));

	return result < 0 ? -errno : (int32_t)result;
}

static int32_t create_map(uint32_t type, uint32_t value_bytes, uint32_t entries, uint32_t flags)
{
	union bpf_attr attr = { 0 };

	attr.map_type = type;
	attr.key_size = sizeof(uint32_t);
	attr.value_size = value_bytes;
	attr.max_entries = entries;
	attr.map_flags = flags;
	return bpf(BPF_MAP_CREATE, &attr); /* its descriptor is CLOEXEC: kernel/bpf/syscall.c bpf_map_new_fd */
}

/* Before Linux 5.11 maps were charged to RLIMIT_MEMLOCK, 64 KiB by default: asks for more, where that is permitted. */
static int32_t create_map_raising_limit(uint32_t type, uint32_t value_bytes, uint32_t entries, uint32_t flags)
{
	int32_t fd = create_map(type, value_bytes, entries, flags);
	struct rlimit limit;

	if (fd != -EPERM || getrlimit(RLIMIT_MEMLOCK, &limit) < 0 || limit.rlim_cur >= MEMLOCK_WANTED)
		return fd;
	limit.rlim_cur = MEMLOCK_WANTED;
	if (limit.rlim_max < limit.rlim_cur)
		limit.rlim_max = limit.rlim_cur;
	if (setrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return fd;
	return create_map(type, value_bytes, entries, flags);
}

/*
 * The verifier gives up with EAGAIN when a signal is pending (kernel/bpf/verifier.c, do_check), be it a resized window:
 * signals wait meanwhile, and what else wakes a task is tried again.
 */
static int32_t load_program(const struct code *c)
{
	union bpf_attr attr = { 0 };
	int32_t fd = -EAGAIN;
	sigset_t all, before;

	if (!code_fits(c))
		return -E2BIG;
	attr.prog_type = BPF_PROG_TYPE_TRACEPOINT;
	attr.insns = (uintptr_t)c->insn;
	attr.insn_cnt = c->count;
	attr.license = (uintptr_t)"MIT"; /* no helper in use is for GPL programs only */
	memcpy(attr.prog_name, "vdsotop", sizeof("vdsotop"));
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	for (int attempt = 0; attempt < LOAD_ATTEMPTS && fd == -EAGAIN; attempt++)
		fd = bpf(BPF_PROG_LOAD, &attr);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return fd;
}

/* A tracepoint event of all processes on one CPU, disabled: only something to hang a program on. */
static int32_t open_event(uint32_t tracepoint_id)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr), .config = tracepoint_id, .disabled = 1
	};
	unsigned int cpu = 0;
	long fd;

	syscall(SYS_getcpu, &cpu, NULL, NULL);
	fd = syscall(SYS_perf_event_open, &attr, -1, (int)cpu, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : (int32_t)fd;
}

/* ---- Life of a counter ------------------------------------------------------------------------------------------ */

static uint64_t mapped_bytes(uint64_t region_bytes, uint32_t cpus)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return (region_bytes * cpus + page - 1) / page * page;
}

static struct region *region_of(const struct vt_entries *e, uint32_t cpu)
{
	return (struct region *)(uintptr_t)(e->regions + cpu * e->region_bytes);
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
	e->watched_fd = create_map_raising_limit(BPF_MAP_TYPE_HASH, sizeof(uint32_t), WATCHED_MAX, 0);
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

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int is_wanted(const struct vt_entries_plan *plan, uint32_t kind)
{
	if (kind == VT_TP_NEWTASK)
		return (plan->flags & VT_ENTRIES_TREE) && !(plan->flags & VT_ENTRIES_IN_NAMESPACE);
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

int32_t vt_entries_watch(const struct vt_entries *entries, uint32_t tgid)
{
	union bpf_attr attr = { 0 };
	uint32_t one = 1;

	attr.map_fd = (uint32_t)entries->watched_fd;
	attr.key = (uintptr_t)&tgid;
	attr.value = (uintptr_t)&one;
	attr.flags = BPF_ANY;
	return bpf(BPF_MAP_UPDATE_ELEM, &attr);
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

/* ---- Reading ---------------------------------------------------------------------------------------------------- */

/* Adds to the caller's buffer, used as a hash table by open addressing meanwhile; false: it is full. */
static int add_thread_entries(struct vt_thread_entries *table, uint32_t capacity, uint32_t tid, uint32_t tag, uint64_t count)
{
	const uint32_t start = (tid + (tag << 22)) * 0x9E3779B1u >> 7;

	for (uint32_t i = 0; i < capacity; i++) {
		struct vt_thread_entries *at = &table[(start + i) & (capacity - 1)];

		if (at->tid == 0)
			*at = (struct vt_thread_entries){ .tid = tid, .fn = (uint16_t)(tag / VT_SLOT_COUNT), .slot = (uint16_t)(tag % VT_SLOT_COUNT) };
		if (at->tid == tid && (uint32_t)at->fn * VT_SLOT_COUNT + at->slot == tag) {
			at->count += count;
			return 1;
		}
	}
	return 0;
}

static void read_region(const struct vt_entries *e, uint32_t cpu, uint64_t *counts, struct vt_thread_entries *threads,
			uint32_t capacity, struct vt_entries_totals *totals)
{
	struct region *region = region_of(e, cpu);

	totals->lost_children += __atomic_load_n(&region->lost_children, __ATOMIC_RELAXED);
	for (uint32_t tag = 0; tag < TAGS; tag++) {
		uint64_t count = __atomic_load_n(&region->overflow[tag], __ATOMIC_RELAXED);

		counts[tag] += count;
		totals->unattributed += count;
	}
	for (uint32_t i = 0; i < e->keys + PROBES - 1; i++) {
		uint64_t key = __atomic_load_n(&region->table[i].key, __ATOMIC_RELAXED);
		uint64_t count = __atomic_load_n(&region->table[i].count, __ATOMIC_RELAXED);
		uint32_t tag = (uint32_t)key;

		if (key == 0 || count == 0 || tag >= TAGS)
			continue;
		counts[tag] += count;
		if (!add_thread_entries(threads, capacity, (uint32_t)(key >> 32), tag, count))
			totals->unattributed += count;
	}
}

/* A 64-bit call counted by its number and not yet taken back, or the other way round on another CPU: not an entry. */
static int is_counted(uint64_t count)
{
	return (int64_t)count > 0;
}

/* Moves the used entries to the front. */
static uint32_t compact(struct vt_thread_entries *threads, uint32_t capacity)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < capacity; i++)
		if (threads[i].tid != 0 && is_counted(threads[i].count))
			threads[used++] = threads[i];
	return used;
}

/* Times the kernel passed over a program of ours because another one was at work on that CPU (trace_call_bpf). */
static uint64_t read_missed(const struct vt_entries *e)
{
	uint64_t missed = 0;

	for (uint32_t kind = 0; kind < VT_TP_COUNT; kind++) {
		struct bpf_prog_info info = { 0 };
		union bpf_attr attr = { 0 };

		if (e->program_fds[kind] < 0)
			continue;
		attr.info.bpf_fd = (uint32_t)e->program_fds[kind];
		attr.info.info = (uintptr_t)&info;
		attr.info.info_len = sizeof(info);
		if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0)
			missed += info.recursion_misses;
	}
	return missed;
}

int32_t vt_entries_read(const struct vt_entries *entries, uint64_t *counts, struct vt_thread_entries *threads,
			uint32_t capacity, struct vt_entries_totals *totals)
{
	if (entries->regions == 0 || capacity == 0 || (capacity & (capacity - 1)) != 0)
		return -EINVAL;
	memset(totals, 0, sizeof(*totals));
	memset(counts, 0, TAGS * sizeof(*counts));
	memset(threads, 0, capacity * sizeof(*threads));
	totals->read_at_ns = now_ns();
	for (uint32_t cpu = 0; cpu < entries->cpus; cpu++)
		read_region(entries, cpu, counts, threads, capacity, totals);
	totals->thread_count = compact(threads, capacity);
	for (uint32_t tag = 0; tag < TAGS; tag++)
		counts[tag] = is_counted(counts[tag]) ? counts[tag] : 0;
	totals->unattributed = is_counted(totals->unattributed) ? totals->unattributed : 0;
	totals->missed = read_missed(entries);
	return 0;
}
