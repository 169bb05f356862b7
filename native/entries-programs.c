/* The BPF programs that count kernel entries. R6 is the tracepoint's record, R7 the thread id, R8 the tag. */
#include "entries-programs.h"

#include <stddef.h>
#include <sys/sysmacros.h>

#define GOLDEN 0x9E3779B1u /* 2^32 / golden ratio: spreads consecutive thread ids evenly */
#define CLONE_THREAD_FLAG 0x00010000
#define MAX_EXITS 16

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_HALF 4
#else
#define LOW_HALF 0
#endif

/* Places on the stack. */
enum { AT_ID_PAIR = -8, AT_TGID = -12, AT_CPU = -16, AT_CHILD = -20, AT_ONE = -24 };

/* Jumps to the one way out of a program. */
struct exits {
	uint32_t at[MAX_EXITS];
	uint32_t count;
};

static void leave(struct exits *x, uint32_t jump)
{
	if (x->count < MAX_EXITS)
		x->at[x->count++] = jump;
}

/* Every program answers 1: with 0 the kernel would withhold the event from every other perf user of the host. */
static void finish(struct code *c, const struct exits *x)
{
	land_all(c, x->at, x->count);
	MOV_I(c, R0, 1);
	EXIT(c);
}

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

/* Arguments R1 and R2 of a map helper: the map, and the 32-bit key at `key` on the stack. */
static void map_and_key(struct code *c, int32_t map_fd, int32_t key)
{
	load_imm64(c, R1, BPF_PSEUDO_MAP_FD, (uint32_t)map_fd);
	MOV(c, R2, FP);
	OP_I(c, BPF_ADD, R2, key);
}

/* Leaves unless the current process is to be counted: the first thing done, as every process of the host pays for it. */
static void pass_watched(struct code *c, struct exits *out, const struct vt_entries_plan *plan, int32_t watched_fd)
{
	load_ids(c, out, plan);
	if (!(plan->flags & VT_ENTRIES_TREE)) {
		leave(out, JUMP_IF_I(c, BPF_JNE, R1, (int32_t)plan->tgid));
		return;
	}
	STORE(c, BPF_W, FP, AT_TGID, R1);
	map_and_key(c, watched_fd, AT_TGID);
	CALL(c, BPF_FUNC_map_lookup_elem);
	leave(out, JUMP_IF_I(c, BPF_JEQ, R0, 0));
}

/* R0: this CPU's region. */
static void load_region(struct code *c, struct exits *out, int32_t counters_fd)
{
	CALL(c, BPF_FUNC_get_smp_processor_id);
	STORE(c, BPF_W, FP, AT_CPU, R0);
	map_and_key(c, counters_fd, AT_CPU);
	CALL(c, BPF_FUNC_map_lookup_elem);
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

	done[0] = JUMP_IF_I(c, BPF_JLT, R8, VT_SLOT_PROCESS_CPU);
	MOV32(c, R1, R8);
	OP32_I(c, BPF_AND, R1, 7);
	MOV32(c, R2, R8);
	MOV32_I(c, R8, VT_SLOT_INVALID);
	done[1] = JUMP32_IF_I(c, BPF_JSGE, R2, 0);
	done[2] = JUMP32_IF_I(c, BPF_JEQ, R1, 7);
	MOV32_I(c, R8, VT_SLOT_DESCRIPTOR);
	done[3] = JUMP32_IF_I(c, BPF_JEQ, R1, 3);
	MOV32_I(c, R8, VT_SLOT_THREAD_CPU);
	done[4] = JUMP32_IF_I(c, BPF_JGT, R1, 3);
	MOV32_I(c, R8, VT_SLOT_PROCESS_CPU);
	land_all(c, done, 5);
}

static void load_tag(struct code *c, struct exits *out, uint32_t kind, uint32_t argument_offset)
{
	switch (kind) {
	case VT_FN_CLOCK_GETTIME:
	case VT_FN_CLOCK_GETRES:
		LOAD(c, BPF_W, R8, R6, argument_offset + LOW_HALF);
		clock_slot(c);
		OP_I(c, BPF_ADD, R8, (int32_t)kind * VT_SLOT_COUNT);
		break;
	case VT_TP_VSYSCALL: /* nr: 0 gettimeofday, 1 time, 2 getcpu (arch/x86/entry/vsyscall/vsyscall_64.c) */
		LOAD(c, BPF_W, R8, R6, argument_offset);
		leave(out, JUMP_IF_I(c, BPF_JGT, R8, 2));
		OP_I(c, BPF_MUL, R8, VT_SLOT_COUNT);
		OP_I(c, BPF_ADD, R8, VT_FN_VSYSCALL_GETTIMEOFDAY * VT_SLOT_COUNT);
		break;
	default:
		MOV_I(c, R8, (int32_t)kind * VT_SLOT_COUNT);
	}
}

/*
 * 32-bit code on x86-64 fires raw_syscalls:sys_enter and none of syscalls:* (arch_trace_is_compat_syscall), 64-bit code
 * fires both, in one call of the sys_enter tracepoint. So VT_TP_RAW adds whatever bears the number of a 32-bit clock
 * call (arch/x86/entry/syscalls/syscall_32.tbl), and what 64-bit code meant by that number is taken back at the
 * tracepoint of its own call, which a 32-bit call never reaches: no register of the caller need be read, for which the
 * kernel has helpers for GPL programs only, and `int $0x80` of 64-bit code is told right too, as its CS would not.
 */
static const struct compat_call {
	int32_t number;
	uint32_t fn;
	uint32_t has_no_twin; /* 64-bit code has no call of this number (syscall_64.tbl skips 387 to 423) */
} compat_calls[] = {
	{ 265, VT_FN_CLOCK_GETTIME, 0 }, { 403, VT_FN_CLOCK_GETTIME, 1 }, { 266, VT_FN_CLOCK_GETRES, 0 },
	{ 406, VT_FN_CLOCK_GETRES, 1 },  { 78, VT_FN_GETTIMEOFDAY, 0 },   { 13, VT_FN_TIME, 0 },
	{ 318, VT_FN_GETCPU, 0 },
};
#define COMPAT_CALLS (sizeof(compat_calls) / sizeof(compat_calls[0]))

/* The functions that the 64-bit calls from VT_TP_LINKAT on are taken for. */
static const uint32_t twins[] = { VT_FN_CLOCK_GETTIME, VT_FN_CLOCK_GETRES, VT_FN_GETTIMEOFDAY, VT_FN_TIME, VT_FN_GETCPU };

/* The first two arguments of 32-bit code have no high half; a 64-bit call of no system call mostly has a pointer there. */
static void pass_narrow(struct code *c, struct exits *out, uint32_t arguments)
{
	LOAD(c, BPF_DW, R2, R6, arguments);
	LOAD(c, BPF_DW, R3, R6, arguments + 8);
	OP(c, BPF_OR, R2, R3);
	OP_I(c, BPF_RSH, R2, 32);
	leave(out, JUMP_IF_I(c, BPF_JNE, R2, 0));
}

/* R9: VT_FN_* by the number of the call; leaves for all others before anything dearer is asked. */
static void load_compat_function(struct code *c, struct exits *out, const struct vt_tracepoint *raw)
{
	uint32_t known[COMPAT_CALLS], done[COMPAT_CALLS];

	LOAD(c, BPF_W, R1, R6, raw->flags_offset + LOW_HALF);
	for (uint32_t i = 0; i < COMPAT_CALLS; i++)
		known[i] = JUMP_IF_I(c, BPF_JEQ, R1, compat_calls[i].number);
	leave(out, JUMP(c));
	for (uint32_t i = 0; i < COMPAT_CALLS; i++) {
		land(c, known[i]);
		if (compat_calls[i].has_no_twin)
			pass_narrow(c, out, raw->argument_offset);
		MOV_I(c, R9, (int32_t)compat_calls[i].fn);
		done[i] = JUMP(c);
	}
	land_all(c, done, COMPAT_CALLS);
}

/* R8: tag of the function in R9 and the clock id in the first argument, where the function has one. */
static void load_compat_tag(struct code *c, uint32_t argument_offset)
{
	uint32_t no_clock;

	MOV_I(c, R8, 0);
	no_clock = JUMP_IF_I(c, BPF_JGT, R9, VT_FN_CLOCK_GETRES);
	LOAD(c, BPF_W, R8, R6, argument_offset + LOW_HALF);
	clock_slot(c);
	land(c, no_clock);
	OP_I(c, BPF_MUL, R9, VT_SLOT_COUNT);
	OP(c, BPF_ADD, R8, R9);
}

/* *(u64 *)(reg + off) += by. No atomic is needed: only this CPU writes here, and not twice at once. */
static void add(struct code *c, uint8_t reg, int32_t off, int32_t by)
{
	LOAD(c, BPF_DW, R1, reg, off);
	OP_I(c, BPF_ADD, R1, by);
	STORE(c, BPF_DW, reg, off, R1);
}

/* R5: address of the first entry to probe, less offsetof(struct region, table), in the region R0. */
static void hash(struct code *c, uint32_t keys)
{
	MOV32(c, R5, R8);
	OP32_I(c, BPF_LSH, R5, 22); /* apart from the thread ids, which stay below 2^22 (PID_MAX_LIMIT) */
	OP32(c, BPF_ADD, R5, R7);
	OP32_I(c, BPF_MUL, R5, (int32_t)GOLDEN);
	OP32_I(c, BPF_RSH, R5, __builtin_clz(keys) + 1);
	OP_I(c, BPF_MUL, R5, sizeof(struct key_count));
	OP(c, BPF_ADD, R5, R0);
}

static void count_key(struct code *c, struct exits *out, uint32_t keys, int32_t by)
{
	const int32_t table = offsetof(struct region, table);
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
	OP_I(c, BPF_MUL, R8, sizeof(uint64_t));
	OP(c, BPF_ADD, R0, R8);
	add(c, R0, offsetof(struct region, overflow), by);
	leave(out, JUMP(c));
	land_all(c, free_entry, PROBES);
	STORE(c, BPF_DW, R5, table, R4);
	land_all(c, hit, PROBES);
	add(c, R5, table + (int32_t)offsetof(struct key_count, count), by);
}

void counting_program(struct code *c, const struct vt_entries_plan *plan, uint32_t kind,
		      const struct vt_tracepoint *tracepoint, const struct vt_entries *maps)
{
	const int is_compat = kind >= VT_TP_LINKAT;
	struct exits out = { 0 };

	MOV(c, R6, R1);
	if (kind == VT_TP_RAW)
		load_compat_function(c, &out, tracepoint);
	else if (is_compat)
		MOV_I(c, R9, (int32_t)twins[kind - VT_TP_LINKAT]);
	pass_watched(c, &out, plan, maps->watched_fd);
	load_region(c, &out, maps->counters_fd);
	if (is_compat)
		load_compat_tag(c, tracepoint->argument_offset);
	else
		load_tag(c, &out, kind, tracepoint->argument_offset);
	count_key(c, &out, plan->keys, is_compat && kind != VT_TP_RAW ? -1 : 1);
	finish(c, &out);
}

/* Leaves for new threads; the id of a new process goes on the stack. */
static void load_child(struct code *c, struct exits *out, const struct vt_tracepoint *tp)
{
	LOAD(c, tp->flags_bytes == 8 ? BPF_DW : BPF_W, R2, R1, tp->flags_offset);
	leave(out, JUMP_IF_I(c, BPF_JSET, R2, CLONE_THREAD_FLAG));
	LOAD(c, BPF_W, R2, R1, tp->argument_offset);
	STORE(c, BPF_W, FP, AT_CHILD, R2);
}

static void add_child(struct code *c, struct exits *out, const struct vt_entries *maps)
{
	MOV_I(c, R1, 1);
	STORE(c, BPF_W, FP, AT_ONE, R1);
	map_and_key(c, maps->watched_fd, AT_CHILD);
	MOV(c, R3, FP);
	OP_I(c, BPF_ADD, R3, AT_ONE);
	MOV_I(c, R4, BPF_ANY);
	CALL(c, BPF_FUNC_map_update_elem);
	leave(out, JUMP_IF_I(c, BPF_JEQ, R0, 0));
	load_region(c, out, maps->counters_fd);
	add(c, R0, offsetof(struct region, lost_children), 1);
}

/*
 * Runs in the parent, before the child does (kernel/fork.c copy_process). A child of a watched process is watched. Any
 * other new process is taken out of the set, in case it was given the id of a watched one that is gone.
 */
void following_program(struct code *c, const struct vt_entries_plan *plan, const struct vt_tracepoint *newtask,
		       const struct vt_entries *maps)
{
	struct exits out = { 0 };
	uint32_t stranger;

	load_child(c, &out, newtask);
	load_ids(c, &out, plan);
	STORE(c, BPF_W, FP, AT_TGID, R1);
	map_and_key(c, maps->watched_fd, AT_TGID);
	CALL(c, BPF_FUNC_map_lookup_elem);
	stranger = JUMP_IF_I(c, BPF_JEQ, R0, 0);
	add_child(c, &out, maps);
	leave(&out, JUMP(c));
	land(c, stranger);
	map_and_key(c, maps->watched_fd, AT_CHILD);
	CALL(c, BPF_FUNC_map_delete_elem);
	finish(c, &out);
}
