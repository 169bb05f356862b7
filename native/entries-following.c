/* The program on task:task_newtask: it counts what is started, and keeps the set of watched processes. */
#include "entries-code.h"

#include <stddef.h>

#define CLONE_THREAD_FLAG 0x00010000

static void load_flags(struct code *c, const struct vt_tracepoint *tp)
{
	LOAD(c, tp->flags_bytes == 8 ? BPF_DW : BPF_W, R2, R6, tp->flags_offset);
}

/* A child of a watched process is watched, and no other new process is, though it may have the id of one that is gone. */
static void follow_child(struct code *c, struct exits *out, const struct vt_entries_plan *plan,
			 const struct vt_tracepoint *newtask, int32_t watched_fd)
{
	uint32_t is_thread;

	load_flags(c, newtask);
	is_thread = JUMP_IF_I(c, BPF_JSET, R2, CLONE_THREAD_FLAG);
	LOAD(c, BPF_W, R2, R6, newtask->argument_offset);
	STORE(c, BPF_W, FP, AT_CHILD, R2);
	load_ids(c, out, plan);
	STORE(c, BPF_W, FP, AT_TGID, R1);
	find_watched(c, out, watched_fd, AT_TGID);
	LOAD(c, BPF_B, R8, R0, 0);
	find_watched(c, out, watched_fd, AT_CHILD);
	STORE(c, BPF_B, R0, 0, R8);
	land_all(c, &is_thread, 1);
}

/*
 * Runs in the parent, before the child does (kernel/fork.c copy_process). Of a single process its threads are counted, of a
 * tree its processes too.
 */
void following_program(struct code *c, const struct vt_entries_plan *plan, const struct vt_tracepoint *newtask,
		       const struct vt_entries *maps)
{
	const int is_tree = (plan->flags & VT_ENTRIES_TREE) != 0;
	struct exits out = { 0 };

	MOV(c, R6, R1);
	if (is_tree && !(plan->flags & VT_ENTRIES_IN_NAMESPACE))
		follow_child(c, &out, plan, newtask, maps->watched_fd);
	pass_watched(c, &out, plan, maps->watched_fd);
	if (!is_tree) {
		uint32_t is_thread;

		load_flags(c, newtask);
		is_thread = JUMP_IF_I(c, BPF_JSET, R2, CLONE_THREAD_FLAG);
		leave(&out, JUMP(c));
		land_all(c, &is_thread, 1);
	}
	load_region(c, &out, maps->counters_fd);
	add(c, R0, offsetof(struct region, started), 1);
	if (is_tree) {
		uint32_t is_thread;

		load_flags(c, newtask);
		is_thread = JUMP_IF_I(c, BPF_JSET, R2, CLONE_THREAD_FLAG);
		add(c, R0, offsetof(struct region, processes), 1);
		land_all(c, &is_thread, 1);
	}
	finish(c, &out);
}
