/* Whether the process that a program runs in is one to be counted, and where this CPU counts. */
#include "entries-code.h"

#include <stddef.h>
#include <sys/sysmacros.h>

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

void load_ids(struct code *c, struct exits *out, const struct vt_entries_plan *plan)
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

void map_and_key(struct code *c, int32_t map_fd, int32_t key)
{
	load_imm64(c, R1, BPF_PSEUDO_MAP_FD, (uint32_t)map_fd);
	MOV(c, R2, FP);
	OP_I(c, BPF_ADD, R2, key);
}

void find_watched(struct code *c, struct exits *out, int32_t watched_fd, int32_t id)
{
	LOAD(c, BPF_W, R1, FP, id);
	OP_I(c, BPF_RSH, R1, PIDS_PER_VALUE_LOG2);
	STORE(c, BPF_W, FP, AT_VALUE, R1);
	map_and_key(c, watched_fd, AT_VALUE);
	CALL(c, BPF_FUNC_map_lookup_elem);
	leave(out, JUMP_IF_I(c, BPF_JEQ, R0, 0));
	LOAD(c, BPF_W, R1, FP, id);
	OP_I(c, BPF_AND, R1, PIDS_PER_VALUE - 1);
	OP(c, BPF_ADD, R0, R1);
}

void pass_watched(struct code *c, struct exits *out, const struct vt_entries_plan *plan, int32_t watched_fd)
{
	load_ids(c, out, plan);
	if (!(plan->flags & VT_ENTRIES_TREE)) {
		leave(out, JUMP_IF_I(c, BPF_JNE, R1, (int32_t)plan->tgid));
		return;
	}
	STORE(c, BPF_W, FP, AT_TGID, R1);
	find_watched(c, out, watched_fd, AT_TGID);
	LOAD(c, BPF_B, R1, R0, 0);
	leave(out, JUMP_IF_I(c, BPF_JEQ, R1, 0));
}

void load_region(struct code *c, struct exits *out, int32_t counters_fd)
{
	CALL(c, BPF_FUNC_get_smp_processor_id);
	STORE(c, BPF_W, FP, AT_CPU, R0);
	map_and_key(c, counters_fd, AT_CPU);
	CALL(c, BPF_FUNC_map_lookup_elem);
	leave(out, JUMP_IF_I(c, BPF_JEQ, R0, 0));
	LOAD(c, BPF_DW, R1, R0, offsetof(struct region, armed));
	leave(out, JUMP_IF_I(c, BPF_JEQ, R1, 0));
}
