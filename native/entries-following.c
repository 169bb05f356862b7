/* The program that keeps the set of watched processes. */
#include "entries-code.h"

#define CLONE_THREAD_FLAG 0x00010000

/* Leaves for new threads; the id of a new process goes on the stack. */
static void load_child(struct code *c, struct exits *out, const struct vt_tracepoint *tp)
{
	LOAD(c, tp->flags_bytes == 8 ? BPF_DW : BPF_W, R2, R1, tp->flags_offset);
	leave(out, JUMP_IF_I(c, BPF_JSET, R2, CLONE_THREAD_FLAG));
	LOAD(c, BPF_W, R2, R1, tp->argument_offset);
	STORE(c, BPF_W, FP, AT_CHILD, R2);
}

/*
 * Runs in the parent, before the child does (kernel/fork.c copy_process). A child of a watched process is watched, and no
 * other new process is, though it may have been given the id of a watched one that is gone.
 */
void following_program(struct code *c, const struct vt_entries_plan *plan, const struct vt_tracepoint *newtask,
		       const struct vt_entries *maps)
{
	struct exits out = { 0 };

	load_child(c, &out, newtask);
	load_ids(c, &out, plan);
	STORE(c, BPF_W, FP, AT_TGID, R1);
	find_watched(c, &out, maps->watched_fd, AT_TGID);
	LOAD(c, BPF_B, R6, R0, 0);
	find_watched(c, &out, maps->watched_fd, AT_CHILD);
	STORE(c, BPF_B, R0, 0, R6);
	finish(c, &out);
}
