/*
 * The parts that counting programs are made of, between entries-programs.c, which puts them together, and the file of each.
 * R6 is the tracepoint's record, R7 the thread id, R8 the tag; of a call of 32-bit code R9 is its VT_FN_* meanwhile.
 */
#ifndef VDSOTOP_ENTRIES_CODE_H
#define VDSOTOP_ENTRIES_CODE_H

#include "entries-programs.h"

#define MAX_EXITS 16

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_HALF 4
#else
#define LOW_HALF 0
#endif

/* Places on the stack. */
enum { AT_ID_PAIR = -8, AT_TGID = -12, AT_CPU = -16, AT_CHILD = -20, AT_VALUE = -24 };

/* Jumps to the one way out of a program. */
struct exits {
	uint32_t at[MAX_EXITS];
	uint32_t count; /* beyond MAX_EXITS: the program is refused by finish() */
};

static inline void leave(struct exits *x, uint32_t jump)
{
	if (x->count < MAX_EXITS)
		x->at[x->count] = jump;
	x->count++;
}

/*
 * Every program answers 1: with 0 the kernel would withhold the event from every other perf user of the host. One that
 * could not note all its jumps would run on where it is to leave: it is made not to fit.
 */
static inline void finish(struct code *c, const struct exits *x)
{
	if (x->count > MAX_EXITS) {
		c->count = MAX_INSNS + 1;
		return;
	}
	land_all(c, x->at, x->count);
	MOV_I(c, R0, 1);
	EXIT(c);
}

/* *(u64 *)(reg + off) += by. No atomic is needed: only this CPU writes here, and not twice at once. */
static inline void add(struct code *c, uint8_t reg, int32_t off, int32_t by)
{
	LOAD(c, BPF_DW, R1, reg, off);
	OP_I(c, BPF_ADD, R1, by);
	STORE(c, BPF_DW, reg, off, R1);
}

/* ---- Whom it is about (entries-watched.c) ------------------------------------------------------------------------ */

/* R1: process id, R7: thread id. */
void load_ids(struct code *c, struct exits *out, const struct vt_entries_plan *plan);

/* Arguments R1 and R2 of a map helper: the map, and the 32-bit key at `key` on the stack. */
void map_and_key(struct code *c, int32_t map_fd, int32_t key);

/* R0: where the byte of the process id at `id` on the stack is. */
void find_watched(struct code *c, struct exits *out, int32_t watched_fd, int32_t id);

/* Leaves unless the current process is to be counted: the first thing done, as every process of the host pays for it. */
void pass_watched(struct code *c, struct exits *out, const struct vt_entries_plan *plan, int32_t watched_fd);

/* R0: this CPU's region. Leaves before it is armed. */
void load_region(struct code *c, struct exits *out, int32_t counters_fd);

/* ---- What was called (entries-tag.c, entries-compat.c) ------------------------------------------------------------ */

/* R8: slot of the clock id in R8. */
void clock_slot(struct code *c);

/* R8: tag of the call at the tracepoint `kind`. */
void load_tag(struct code *c, struct exits *out, uint32_t kind, uint32_t argument_offset);

/* R9: VT_FN_* by the number of the call; leaves for all others before anything dearer is asked. */
void load_compat_function(struct code *c, struct exits *out, const struct vt_tracepoint *raw);

/* R9: VT_FN_* that the 64-bit call of a tracepoint from VT_TP_LINKAT on was taken for. */
void load_twin_function(struct code *c, uint32_t kind);

/* R8: tag of the function in R9 and the clock id in the first argument, where the function has one. */
void load_compat_tag(struct code *c, uint32_t argument_offset);

/* ---- Where it is counted (entries-count.c) ------------------------------------------------------------------------ */

/* Adds `by` to the count of thread R7 and tag R8 in the region R0. */
void count_key(struct code *c, struct exits *out, uint32_t keys, int32_t by);

#endif
