/*
 * Exact kernel-entry counts by BPF programs on tracepoints, assembled by hand: no libbpf, no clang at run time.
 *
 * One program per tracepoint, attached by way of a perf event that is opened disabled and never enabled: the program
 * runs all the same (kernel/trace/trace_syscalls.c, perf_syscall_enter) and perf writes no record.
 *
 * Every CPU has its own region in one array map that is mapped into our memory. A program runs with preemption disabled,
 * so nothing else writes to its CPU's region, and plain additions are exact; we only read. Reading by bpf(2) would be
 * dearer and would make the kernel pass over programs on that CPU meanwhile (bpf_disable_instrumentation).
 */
#include "entries.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* A program's place to count in: one per CPU. */
struct key_count {
	uint64_t key; /* tid << 32 | fn * VT_SLOT_COUNT + slot; 0: free (no thread has the id 0) */
	uint64_t count;
};

struct region {
	uint64_t armed; /* nothing is counted before it is 1, so that all programs start at one moment */
	uint64_t lost_children;
	uint64_t overflow[VT_FN_COUNT * VT_SLOT_COUNT]; /* entries that found no free key */
	struct key_count table[]; /* keys + PROBES - 1: a hash table by open addressing, probed without wrapping */
};

#define PROBES 16
#define WATCHED_MAX 16384
#define MEMLOCK_HEADROOM (256ull << 20)
#define GOLDEN 0x9E3779B1 /* 2^32 / golden ratio: spreads consecutive thread ids evenly */
#define CLONE_THREAD_FLAG 0x00010000

/* ---- Assembler -------------------------------------------------------------------------------------------------- */

#define MAX_INSNS 256

struct code {
	struct bpf_insn insn[MAX_INSNS];
	uint32_t count;
};

enum { R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, FP };

static uint32_t emit(struct code *c, uint8_t op, uint8_t dst, uint8_t src, int16_t off, int32_t imm)
{
	if (c->count < MAX_INSNS)
		c->insn[c->count] = (struct bpf_insn){ .code = op, .dst_reg = dst & 15, .src_reg = src & 15, .off = off, .imm = imm };
	return c->count++;
}

/* Instructions by name (Documentation/bpf/instruction-set.rst); *32 works on the low half and clears the high one. */
#define MOV(c, d, s) emit(c, BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define MOV32(c, d, s) emit(c, BPF_ALU | BPF_MOV | BPF_X, d, s, 0, 0)
#define MOV_I(c, d, i) emit(c, BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define OP(c, op, d, s) emit(c, BPF_ALU64 | (op) | BPF_X, d, s, 0, 0)
#define OP_I(c, op, d, i) emit(c, BPF_ALU64 | (op) | BPF_K, d, 0, 0, i)
#define OP32(c, op, d, s) emit(c, BPF_ALU | (op) | BPF_X, d, s, 0, 0)
#define OP32_I(c, op, d, i) emit(c, BPF_ALU | (op) | BPF_K, d, 0, 0, i)
#define LOAD(c, size, d, s, off) emit(c, BPF_LDX | BPF_MEM | (size), d, s, off, 0)
#define STORE(c, size, d, off, s) emit(c, BPF_STX | BPF_MEM | (size), d, s, off, 0)
#define CALL(c, id) emit(c, BPF_JMP | BPF_CALL, 0, 0, 0, id)
#define EXIT(c) emit(c, BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
/* Jumps answer their own index: land() makes them go to the next instruction, jump_back() to an earlier one. */
#define JUMP(c) emit(c, BPF_JMP | BPF_JA, 0, 0, 0, 0)
#define JUMP_IF(c, op, d, s) emit(c, BPF_JMP | (op) | BPF_X, d, s, 0, 0)
#define JUMP_IF_I(c, op, d, i) emit(c, BPF_JMP | (op) | BPF_K, d, 0, 0, i)
#define JUMP32_IF_I(c, op, d, i) emit(c, BPF_JMP32 | (op) | BPF_K, d, 0, 0, i)

static void load_imm64(struct code *c, uint8_t dst, uint8_t kind, uint64_t value)
{
	emit(c, BPF_LD | BPF_DW | BPF_IMM, dst, kind, 0, (int32_t)(uint32_t)value);
	emit(c, 0, 0, 0, 0, (int32_t)(uint32_t)(value >> 32));
}

static void land(struct code *c, uint32_t jump)
{
	if (jump < MAX_INSNS)
		c->insn[jump].off = (int16_t)(c->count - jump - 1);
}

/* Jumps to the one way out of a program. */
struct exits {
	uint32_t at[16];
	uint32_t count;
};

static void leave(struct exits *x, uint32_t jump)
{
	if (x->count < 16)
		x->at[x->count++] = jump;
}

/* Every program answers 1: with 0 the kernel would withhold the event from every other perf user of the host. */
static void finish(struct code *c, const struct exits *x)
{
	for (uint32_t i = 0; i < x->count; i++)
		land(c, x->at[i]);
	MOV_I(c, R0, 1);
	EXIT(c);
}

/* ---- Programs --------------------------------------------------------------------------------------------------- */

/* Stack slots. */
enum { AT_ID_PAIR = -8, AT_TGID = -12, AT_CPU = -16, AT_CHILD = -20, AT_ONE = -24 };

/* struct bpf_pidns_info is {pid, tgid}; the helper wants the device as the kernel encodes it (kdev_t.h MKDEV). */
static void load_namespaced_ids(struct code *c, struct exits *out, const struct vt_entries_plan *plan)
{
	uint64_t device = ((uint64_t)major(plan->ns_device) << 20) | minor(plan->ns_device);

	load_imm64(c, R1, 0, device);
	load_imm64(c, R2, 0, plan->ns_inode);
	MOV(c, R3, FP);
	OP_I(c, BPF_ADD, R3, AT_ID_PAIR);
	MOV_I(c, R4, sizeof(struct bpf_pidns_info));
	CALL(c, BPF_FUNC_get_ns_current_pid_tgid);
	leave(out, JUMP_IF_I(c, BPF_JNE, R0, 0));
	LOAD(c, BPF_W, R1, FP, AT_ID_PAIR + (int)offsetof(struct bpf_pidns_info, tgid));
	LOAD(c, BPF_W, R7, FP, AT_ID_PAIR + (int)offsetof(struct bpf_pidns_info, pid));
}

/* R1: process id, R7: thread id. */
static void load_ids(struct code *c, struct exits *out, const struct vt_entries_plan *plan)
{
	if (plan->flags & VT_ENTRIES_IN_NAMESPACE) {
		load_namespaced_ids(c, out, plan);
		return;
	}
	CALL(c, BPF_FUNC_get_current_pid_tgid);
	MOV(c, R1, R0);
	OP_I(c, BPF_RSH, R1, 32);
	MOV32(c, R7, R0);
}

/* R0: the value of the 32-bit key at `key` on the stack, or 0. Clobbers R1 to R5. */
static void look_up(struct code *c, int32_t map_fd, int32_t key)
{
	load_imm64(c, R1, BPF_PSEUDO_MAP_FD, (uint32_t)map_fd);
	MOV(c, R2, FP);
	OP_I(c, BPF_ADD, R2, key);
	CALL(c, BPF_FUNC_map_lookup_elem);
}

/* Leaves unless the current process is to be counted: the first thing done, as every process of the host pays for it. */
static void pass_watched(struct code *c, struct exits *out, const struct vt_entries_plan *plan, int32_t watched_fd)
{
	load_ids(c, out, plan);
	if (plan->flags & VT_ENTRIES_TREE) {
		STORE(c, BPF_W, FP, AT_TGID, R1);
		look_up(c, watched_fd, AT_TGID);
		leave(out, JUMP_IF_I(c, BPF_JEQ, R0, 0));
	} else {
		leave(out, JUMP_IF_I(c, BPF_JNE, R1, (int32_t)plan->tgid));
	}
}

/* R0: this CPU's region. */
static void load_region(struct code *c, struct exits *out, int32_t counters_fd)
{
	CALL(c, BPF_FUNC_get_smp_processor_id);
	STORE(c, BPF_W, FP, AT_CPU, R0);
	look_up(c, counters_fd, AT_CPU);
	leave(out, JUMP_IF_I(c, BPF_JEQ, R0, 0));
	LOAD(c, BPF_DW, R1, R0, offsetof(struct region, armed));
	leave(out, JUMP_IF_I(c, BPF_JEQ, R1, 0));
}

/*
 * R8: slot of the clock id in R8. Negative ids (include/linux/posix-timers.h): the low three bits are 3 for a descriptor,
 * else bit 2 tells a thread from a process, and the low two name the CPU clock, of which 3 is none.
 */
static void clock_slot(struct code *c)
{
	uint32_t done[5];

	done[0] = JUMP32_IF_I(c, BPF_JLT, R8, VT_SLOT_PROCESS_CPU);
	MOV32(c, R1, R8);
	OP32_I(c, BPF_AND, R1, 7);
	MOV32(c, R2, R8);
	OP32_I(c, BPF_MOV, R8, VT_SLOT_INVALID);
	done[1] = JUMP32_IF_I(c, BPF_JSGE, R2, 0);
	done[2] = JUMP32_IF_I(c, BPF_JEQ, R1, 7);
	OP32_I(c, BPF_MOV, R8, VT_SLOT_DESCRIPTOR);
	done[3] = JUMP32_IF_I(c, BPF_JEQ, R1, 3);
	OP32_I(c, BPF_MOV, R8, VT_SLOT_THREAD_CPU);
	done[4] = JUMP32_IF_I(c, BPF_JSGT, R1, 3);
	OP32_I(c, BPF_MOV, R8, VT_SLOT_PROCESS_CPU);
	for (int i = 0; i < 5; i++)
		land(c, done[i]);
}

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_HALF 4
#else
#define LOW_HALF 0
#endif

/* R8: fn * VT_SLOT_COUNT + slot, from the tracepoint's record in R6. */
static void load_tag(struct code *c, struct exits *out, uint32_t tracepoint, uint32_t argument_offset)
{
	switch (tracepoint) {
	case VT_FN_CLOCK_GETTIME:
	case VT_FN_CLOCK_GETRES:
		LOAD(c, BPF_W, R8, R6, (int16_t)(argument_offset + LOW_HALF));
		clock_slot(c);
		OP_I(c, BPF_ADD, R8, (int32_t)tracepoint * VT_SLOT_COUNT);
		break;
	case VT_TP_VSYSCALL: /* nr: 0 gettimeofday, 1 time, 2 getcpu */
		LOAD(c, BPF_W, R8, R6, (int16_t)argument_offset);
		leave(out, JUMP_IF_I(c, BPF_JGT, R8, 2));
		OP_I(c, BPF_MUL, R8, VT_SLOT_COUNT);
		OP_I(c, BPF_ADD, R8, VT_FN_VSYSCALL_GETTIMEOFDAY * VT_SLOT_COUNT);
		break;
	default:
		MOV_I(c, R8, (int32_t)tracepoint * VT_SLOT_COUNT);
	}
}

/* *(u64 *)(reg + off) += 1. No atomic is needed: see the head of this file. */
static void increment(struct code *c, uint8_t reg, int16_t off)
{
	LOAD(c, BPF_DW, R1, reg, off);
	OP_I(c, BPF_ADD, R1, 1);
	STORE(c, BPF_DW, reg, off, R1);
}

/* R5: the first entry to probe in the region R0 for thread R7 and tag R8. */
static void hash(struct code *c, uint32_t keys)
{
	MOV32(c, R5, R8);
	OP32_I(c, BPF_LSH, R5, 22); /* apart from the thread ids, which rarely need the upper bits */
	OP32(c, BPF_ADD, R5, R7);
	OP32_I(c, BPF_MUL, R5, (int32_t)GOLDEN);
	OP32_I(c, BPF_RSH, R5, __builtin_clz(keys) + 1);
	OP_I(c, BPF_LSH, R5, 4); /* sizeof(struct key_count) */
	OP(c, BPF_ADD, R5, R0);
}

static void count_key(struct code *c, struct exits *out, uint32_t keys)
{
	const int16_t table = offsetof(struct region, table);
	uint32_t hit[PROBES], free_entry[PROBES];

	MOV(c, R4, R7);
	OP_I(c, BPF_LSH, R4, 32);
	OP(c, BPF_OR, R4, R8);
	hash(c, keys);
	for (int i = 0; i < PROBES; i++) {
		LOAD(c, BPF_DW, R3, R5, table);
		hit[i] = JUMP_IF(c, BPF_JEQ, R3, R4);
		free_entry[i] = JUMP_IF_I(c, BPF_JEQ, R3, 0);
		if (i < PROBES - 1)
			OP_I(c, BPF_ADD, R5, sizeof(struct key_count));
	}
	OP_I(c, BPF_LSH, R8, 3);
	OP(c, BPF_ADD, R0, R8);
	increment(c, R0, offsetof(struct region, overflow));
	leave(out, JUMP(c));
	for (int i = 0; i < PROBES; i++)
		land(c, free_entry[i]);
	STORE(c, BPF_DW, R5, table, R4);
	for (int i = 0; i < PROBES; i++)
		land(c, hit[i]);
	increment(c, R5, table + (int16_t)offsetof(struct key_count, count));
}

static void counting_program(struct code *c, const struct vt_entries_plan *plan, uint32_t tracepoint,
			     const struct vt_entries *e)
{
	struct exits out = { 0 };

	MOV(c, R6, R1);
	pass_watched(c, &out, plan, e->watched_fd);
	load_region(c, &out, e->counters_fd);
	load_tag(c, &out, tracepoint, plan->tracepoints[tracepoint].argument_offset);
	count_key(c, &out, plan->keys);
	finish(c, &out);
}

/*
 * On task:task_newtask, in the parent, before the child runs. A child of a watched process is watched. Any other new
 * process is taken out of the set, in case it was given the id of a watched one that is gone.
 */
static void following_program(struct code *c, const struct vt_entries_plan *plan, const struct vt_entries *e)
{
	const struct vt_tracepoint *tp = &plan->tracepoints[VT_TP_NEWTASK];
	uint8_t flags_size = tp->flags_bytes == 8 ? BPF_DW : BPF_W;
	struct exits out = { 0 };
	uint32_t stranger;

	LOAD(c, flags_size, R2, R1, (int16_t)tp->flags_offset);
	leave(&out, emit(c, BPF_JMP | BPF_JSET | BPF_K, R2, 0, 0, CLONE_THREAD_FLAG));
	LOAD(c, BPF_W, R2, R1, (int16_t)tp->argument_offset);
	STORE(c, BPF_W, FP, AT_CHILD, R2);
	CALL(c, BPF_FUNC_get_current_pid_tgid);
	OP_I(c, BPF_RSH, R0, 32);
	STORE(c, BPF_W, FP, AT_TGID, R0);
	look_up(c, e->watched_fd, AT_TGID);
	stranger = JUMP_IF_I(c, BPF_JEQ, R0, 0);
	MOV_I(c, R1, 1);
	STORE(c, BPF_W, FP, AT_ONE, R1);
	load_imm64(c, R1, BPF_PSEUDO_MAP_FD, (uint32_t)e->watched_fd);
	MOV(c, R2, FP);
	OP_I(c, BPF_ADD, R2, AT_CHILD);
	MOV(c, R3, FP);
	OP_I(c, BPF_ADD, R3, AT_ONE);
	MOV_I(c, R4, BPF_ANY);
	CALL(c, BPF_FUNC_map_update_elem);
	leave(&out, JUMP_IF_I(c, BPF_JEQ, R0, 0));
	load_region(c, &out, e->counters_fd);
	increment(c, R0, offsetof(struct region, lost_children));
	leave(&out, JUMP(c));
	land(c, stranger);
	load_imm64(c, R1, BPF_PSEUDO_MAP_FD, (uint32_t)e->watched_fd);
	MOV(c, R2, FP);
	OP_I(c, BPF_ADD, R2, AT_CHILD);
	CALL(c, BPF_FUNC_map_delete_elem);
	finish(c, &out);
}

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

	if (fd != -EPERM || getrlimit(RLIMIT_MEMLOCK, &limit) < 0 || limit.rlim_cur >= MEMLOCK_HEADROOM)
		return fd;
	limit.rlim_cur = MEMLOCK_HEADROOM;
	if (limit.rlim_max < limit.rlim_cur)
		limit.rlim_max = limit.rlim_cur;
	if (setrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return fd;
	return create_map(type, value_bytes, entries, flags);
}

static int32_t load_program(const struct code *c)
{
	union bpf_attr attr = { 0 };

	if (c->count > MAX_INSNS)
		return -E2BIG;
	attr.prog_type = BPF_PROG_TYPE_TRACEPOINT;
	attr.insns = (uintptr_t)c->insn;
	attr.insn_cnt = c->count;
	attr.license = (uintptr_t)"GPL"; /* of this program text, as the pid and CPU helpers used to ask for */
	memcpy(attr.prog_name, "vdsotop", sizeof("vdsotop"));
	return bpf(BPF_PROG_LOAD, &attr);
}

/* A tracepoint event of all processes on one CPU, disabled: only something to hang a program on. */
static int32_t open_event(uint32_t tracepoint_id)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr), .config = tracepoint_id, .disabled = 1 };
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

static int32_t attach(const struct vt_entries_plan *plan, uint32_t tracepoint, struct vt_entries *e)
{
	struct code code = { 0 };

	if (tracepoint == VT_TP_NEWTASK)
		following_program(&code, plan, e);
	else
		counting_program(&code, plan, tracepoint, e);
	e->step = VT_STEP_PROGRAM;
	e->program_fds[tracepoint] = load_program(&code);
	if (e->program_fds[tracepoint] < 0)
		return e->program_fds[tracepoint];
	e->step = VT_STEP_EVENT;
	e->event_fds[tracepoint] = open_event(plan->tracepoints[tracepoint].id);
	if (e->event_fds[tracepoint] < 0)
		return e->event_fds[tracepoint];
	e->step = VT_STEP_ATTACH;
	if (ioctl(e->event_fds[tracepoint], PERF_EVENT_IOC_SET_BPF, e->program_fds[tracepoint]) < 0)
		return -errno;
	return 0;
}

static int32_t attach_all(const struct vt_entries_plan *plan, struct vt_entries *e)
{
	const int follow = (plan->flags & VT_ENTRIES_TREE) && !(plan->flags & VT_ENTRIES_IN_NAMESPACE);

	for (uint32_t tp = 0; tp < VT_TP_COUNT; tp++) {
		int32_t result = 0;

		if (plan->tracepoints[tp].id != 0 && (tp != VT_TP_NEWTASK || follow))
			result = attach(plan, tp, e);
		if (result < 0)
			return result;
	}
	for (uint32_t cpu = 0; cpu < e->cpus; cpu++)
		__atomic_store_n(&region_of(e, cpu)->armed, 1, __ATOMIC_RELEASE);
	e->step = VT_STEP_NONE;
	return 0;
}

static int plan_is_possible(const struct vt_entries_plan *plan)
{
	const uint32_t keys = plan->keys;

	return plan->cpus > 0 && keys >= 16 && keys <= 65536 && (keys & (keys - 1)) == 0 &&
	       (plan->tgid != 0 || (plan->flags & VT_ENTRIES_TREE)) && plan->tracepoints[VT_FN_CLOCK_GETTIME].id != 0;
}

int32_t vt_entries_open(const struct vt_entries_plan *plan, struct vt_entries *out)
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
		result = attach_all(plan, out);
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

void vt_entries_close(struct vt_entries *entries)
{
	for (uint32_t tp = 0; tp < VT_TP_COUNT; tp++) {
		close_fd(&entries->event_fds[tp]);
		close_fd(&entries->program_fds[tp]);
	}
	if (entries->regions != 0)
		munmap((void *)(uintptr_t)entries->regions, mapped_bytes(entries->region_bytes, entries->cpus));
	entries->regions = 0;
	close_fd(&entries->counters_fd);
	close_fd(&entries->watched_fd);
}

/* ---- Reading ---------------------------------------------------------------------------------------------------- */

/* Adds to the caller's buffer, used as a hash table by open addressing meanwhile; false: it is full. */
static int add_thread_entries(struct vt_thread_entries *table, uint32_t capacity, uint32_t tid, uint32_t tag, uint64_t count)
{
	const uint32_t start = (tid + (tag << 22)) * (uint32_t)GOLDEN >> 7;

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

static void read_region(const struct vt_entries *e, uint32_t cpu, struct vt_entries_totals *totals,
			struct vt_thread_entries *threads, uint32_t capacity)
{
	struct region *region = region_of(e, cpu);

	totals->lost_children += __atomic_load_n(&region->lost_children, __ATOMIC_RELAXED);
	for (uint32_t tag = 0; tag < VT_FN_COUNT * VT_SLOT_COUNT; tag++) {
		uint64_t count = __atomic_load_n(&region->overflow[tag], __ATOMIC_RELAXED);

		totals->counts[tag / VT_SLOT_COUNT][tag % VT_SLOT_COUNT] += count;
		totals->unattributed += count;
	}
	for (uint32_t i = 0; i < e->keys + PROBES - 1; i++) {
		uint64_t key = __atomic_load_n(&region->table[i].key, __ATOMIC_RELAXED);
		uint64_t count = __atomic_load_n(&region->table[i].count, __ATOMIC_RELAXED);
		uint32_t tag = (uint32_t)key;

		if (key == 0 || count == 0 || tag >= VT_FN_COUNT * VT_SLOT_COUNT)
			continue;
		totals->counts[tag / VT_SLOT_COUNT][tag % VT_SLOT_COUNT] += count;
		if (!add_thread_entries(threads, capacity, (uint32_t)(key >> 32), tag, count))
			totals->unattributed += count;
	}
}

/* Moves the used entries to the front. */
static uint32_t compact(struct vt_thread_entries *threads, uint32_t capacity)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < capacity; i++)
		if (threads[i].tid != 0)
			threads[used++] = threads[i];
	return used;
}

/* Times the kernel passed over a program of ours because another one was at work on that CPU (trace_call_bpf). */
static uint64_t read_missed(const struct vt_entries *e)
{
	uint64_t missed = 0;

	for (uint32_t tp = 0; tp < VT_TP_COUNT; tp++) {
		struct bpf_prog_info info = { 0 };
		union bpf_attr attr = { 0 };

		if (e->program_fds[tp] < 0)
			continue;
		attr.info.bpf_fd = (uint32_t)e->program_fds[tp];
		attr.info.info = (uintptr_t)&info;
		attr.info.info_len = sizeof(info);
		if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0)
			missed += info.recursion_misses;
	}
	return missed;
}

int32_t vt_entries_read(const struct vt_entries *entries, struct vt_entries_totals *totals,
			struct vt_thread_entries *threads, uint32_t capacity)
{
	struct timespec now;

	if (entries->regions == 0 || capacity == 0 || (capacity & (capacity - 1)) != 0)
		return -EINVAL;
	memset(totals, 0, sizeof(*totals));
	memset(threads, 0, capacity * sizeof(*threads));
	clock_gettime(CLOCK_MONOTONIC, &now);
	totals->read_at_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	for (uint32_t cpu = 0; cpu < entries->cpus; cpu++)
		read_region(entries, cpu, totals, threads, capacity);
	totals->thread_count = compact(threads, capacity);
	totals->missed = read_missed(entries);
	return 0;
}
