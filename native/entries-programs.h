/*
 * Between entries-programs.c and entries-following.c, which write the programs, entries.c, which loads them, and
 * entries-read.c, which reads what they count.
 */
#ifndef VDSOTOP_ENTRIES_PROGRAMS_H
#define VDSOTOP_ENTRIES_PROGRAMS_H

#include "bpf-assembler.h"
#include "entries.h"

#include <time.h>

#define TAGS (VT_FN_COUNT * VT_SLOT_COUNT) /* a tag is fn * VT_SLOT_COUNT + slot */
#define PROBES 16

/*
 * The set of watched processes: a byte for every process id there can be (PID_MAX_LIMIT, include/linux/threads.h), not 0
 * where it is watched. It has room for all, is looked up without a call, and is written to in our memory: a system call on
 * a map would have the kernel pass over programs on this CPU meanwhile (bpf_disable_instrumentation).
 */
#define PID_LIMIT (1u << 22)
#define PIDS_PER_VALUE_LOG2 12
#define PIDS_PER_VALUE (1u << PIDS_PER_VALUE_LOG2)

struct key_count {
	uint64_t key; /* tid << 32 | tag; 0: free (no thread has the id 0) */
	uint64_t count;
};

/* What the programs write on one CPU: the value of the counters map at the CPU's number. */
struct region {
	uint64_t armed;   /* nothing is counted before it is 1, so that all programs start at one moment */
	uint64_t started; /* threads, and of a tree processes, that the watched ones started */
	uint64_t processes; /* the processes among them */
	uint64_t overflow[TAGS];  /* entries that found no free key */
	struct key_count table[]; /* keys + PROBES - 1: a hash table by open addressing, probed without wrapping */
};

static inline struct region *region_of(const struct vt_entries *e, uint32_t cpu)
{
	return (struct region *)(uintptr_t)(e->regions + cpu * e->region_bytes);
}

/* CLOCK_MONOTONIC, as all times of a counter are. */
static inline uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Counts entries of the watched processes at a tracepoint (VT_TP_* or a system call's VT_FN_*). */
void counting_program(struct code *c, const struct vt_entries_plan *plan, uint32_t kind,
		      const struct vt_tracepoint *tracepoint, const struct vt_entries *maps);

/* Counts what the watched processes start, and keeps their set: on task:task_newtask. */
void following_program(struct code *c, const struct vt_entries_plan *plan, const struct vt_tracepoint *newtask,
		       const struct vt_entries *maps);

#endif
