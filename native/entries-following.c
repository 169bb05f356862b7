/* The program that keeps the set of watched processes. */
#include "entries-code.h"

#include <stddef.h>

#define CLONE_THREAD_FLAG 0x00010000

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
