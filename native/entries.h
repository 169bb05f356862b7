/*
 * Counting how often a process enters the kernel for a clock (entries.c, perf-entries.c). The rules of vdsotop.h hold:
 * caller's buffers, negative errno, nothing kept between calls but what the caller's handle says. Everything is held by file descriptors (CLOEXEC): a process that dies leaves nothing.
 */
#ifndef VDSOTOP_ENTRIES_H
#define VDSOTOP_ENTRIES_H

#include <stdint.h>

#include "vdsotop.h"

/* The ways a clock read enters the kernel, in the order of EntryFunction in src/collect/entries/entry-functions.ts. */
enum {
	VT_FN_CLOCK_GETTIME,
	VT_FN_CLOCK_GETRES,
	VT_FN_GETTIMEOFDAY,
	VT_FN_TIME,
	VT_FN_GETCPU,
	VT_FN_VSYSCALL_GETTIMEOFDAY,
	VT_FN_VSYSCALL_TIME,
	VT_FN_VSYSCALL_GETCPU,
	VT_FN_COUNT,
};

/* Clock slots: 0-31 are clock ids; see ClockSlot in src/model/clock-calls.ts. */
enum {
	VT_SLOT_PROCESS_CPU = 32,
	VT_SLOT_THREAD_CPU = 33,
	VT_SLOT_DESCRIPTOR = 34,
	VT_SLOT_INVALID = 35,
	VT_SLOT_COUNT = 36,
};

/* ---- BPF programs on tracepoints (entries.c, entries-watching.c, entries-read.c) -------------------------------- */

/* The tracepoints: the five system calls in the order of VT_FN_*, then these. */
enum {
	VT_TP_VSYSCALL = VT_FN_GETCPU + 1, /* vsyscall:emulate_vsyscall */
	VT_TP_NEWTASK,                     /* task:task_newtask: what is started */
	/* x86-64, with VT_ENTRIES_COMPAT only: the 64-bit system calls that bear the number of a 32-bit clock call. */
	VT_TP_LINKAT,       /* 265: clock_gettime */
	VT_TP_SYMLINKAT,    /* 266: clock_getres */
	VT_TP_GETDENTS,     /* 78: gettimeofday */
	VT_TP_RT_SIGACTION, /* 13: time */
	VT_TP_GETRANDOM,    /* 318: getcpu */
	VT_TP_RAW,          /* raw_syscalls:sys_enter, which is hit by 32-bit calls too */
	VT_TP_COUNT,
};

struct vt_tracepoint {
	uint32_t id;              /* of its `id` file; 0: this kernel has no such tracepoint */
	uint32_t argument_offset; /* of which_clock, nr, pid, olddfd, oldname or args; unused by the others */
	uint32_t flags_offset;    /* of clone_flags (VT_TP_NEWTASK) or id (VT_TP_RAW) */
	uint32_t flags_bytes;     /* its size, 4 or 8 */
};

enum {
	VT_ENTRIES_IN_NAMESPACE = 1, /* tgids and tids are those of the PID namespace `ns_inode`, not the initial one's */
	VT_ENTRIES_TREE = 2,         /* count a set of processes, empty at first: see vt_entries_watch */
	/* Count calls of 32-bit code too, for which syscalls:* never fire. Every system call of the host pays for it. */
	VT_ENTRIES_COMPAT = 4,
};

struct vt_entries_plan {
	uint64_t ns_device; /* st_dev of /proc/PID/ns/pid */
	uint64_t ns_inode;
	uint32_t tgid;      /* the process to count; unused with VT_ENTRIES_TREE */
	uint32_t flags;     /* VT_ENTRIES_* */
	uint32_t cpus;      /* possible CPUs: highest number + 1 */
	uint32_t keys;      /* threads x clocks told apart on each CPU: a power of two from 16 to 65536 */
};

/* What failed, for vt_entries.step. */
enum { VT_STEP_NONE, VT_STEP_MAP, VT_STEP_PROGRAM, VT_STEP_EVENT, VT_STEP_ATTACH };

/* A running counter. The caller keeps the bytes and hands them back; vt_entries_open fills them. */
struct vt_entries {
	uint64_t regions;      /* address of the mapped counters */
	uint64_t region_bytes; /* per CPU */
	uint64_t armed_at_ns;  /* CLOCK_MONOTONIC, when counting began */
	uint32_t cpus;
	uint32_t keys;
	int32_t step;          /* VT_STEP_*: where vt_entries_open failed */
	int32_t counters_fd;
	int32_t watched_fd;
	int32_t program_fds[VT_TP_COUNT];
	int32_t event_fds[VT_TP_COUNT];
	int32_t reserved;
};

/* Entries of one thread for one clock. */
struct vt_thread_entries {
	uint32_t tid;
	uint16_t fn;   /* VT_FN_* */
	uint16_t slot; /* VT_SLOT_* or a clock id */
	uint64_t count;
};

struct vt_entries_totals {
	uint64_t read_at_ns;    /* CLOCK_MONOTONIC, when the reading began */
	uint64_t unattributed;  /* part of `counts` that is in no vt_thread_entries */
	uint64_t missed;        /* times the kernel passed over one of our programs, for any process; 0 before Linux 6.7, which does not count it */
	uint32_t thread_count;  /* vt_thread_entries written */
	uint32_t missed_untold; /* programs of which the kernel did not answer how often it passed over them */
	uint64_t started;       /* threads that the process started; of a tree, its processes too. 0 without VT_TP_NEWTASK */
	uint64_t processes;     /* the processes among `started`; 0 of a single process */
};

/*
 * Starts to count at those of the VT_TP_COUNT tracepoints that exist. Needs Linux 5.7, CAP_BPF and CAP_PERFMON (before
 * Linux 5.8: CAP_SYS_ADMIN).
 * 0; -errno of the system call that failed, with out->step saying which; -EINVAL (VT_STEP_NONE): an impossible plan.
 */
VT_EXPORT int32_t vt_entries_open(const struct vt_entries_plan *plan, const struct vt_tracepoint *tracepoints,
				  struct vt_entries *out);

/*
 * Adds a process to the set of VT_ENTRIES_TREE, which has room for all; its later children are added by the kernel (not
 * with IN_NAMESPACE). 0; 1: it was in the set before; -errno.
 */
VT_EXPORT int32_t vt_entries_watch(const struct vt_entries *entries, uint32_t tgid);

/*
 * Takes a process out of the set that is gone: with IN_NAMESPACE the next one with its id would be counted. What it
 * entered stays counted. 1; 0: it was not in the set; -errno.
 */
VT_EXPORT int32_t vt_entries_unwatch(const struct vt_entries *entries, uint32_t tgid);

/*
 * Everything counted since vt_entries_open: `counts` by function and slot (VT_FN_COUNT rows of VT_SLOT_COUNT), `threads`
 * in some order. `capacity` (a power of two) should be twice the threads x clocks expected: what does not fit is
 * `unattributed`, and some of it where the table is nearly full. No system call but one per program for `missed`.
 */
VT_EXPORT int32_t vt_entries_read(const struct vt_entries *entries, uint64_t *counts, struct vt_thread_entries *threads,
				  uint32_t capacity, struct vt_entries_totals *totals);

/* Detaches; the kernel waits for some tens of milliseconds per tracepoint. Harmless on a closed counter. 0. */
VT_EXPORT int32_t vt_entries_close(struct vt_entries *entries);

/* ---- perf counters (perf-entries.c): where BPF is not permitted -------------------------------------------------- */

/* A counter of one tracepoint; `filter` (tracing filter syntax, "" for none) lets only some of its events count. */
struct vt_perf_counter {
	uint32_t tracepoint_id;
	uint32_t exclude_kernel; /* 1 asks for less permission; a tracepoint outside system call entry then counts nothing */
	char filter[160];
};

/* Who is counted along with a thread: its later threads (Linux 5.13), or its later threads and processes. */
enum { VT_INHERIT_THREADS = 1, VT_INHERIT_ALL = 2 };

/*
 * One group of disabled counters on one thread; `fds` has room for all. 0, or -errno with nothing left open: -EINVAL also
 * where the kernel lacks VT_INHERIT_THREADS.
 */
VT_EXPORT int32_t vt_perf_entries_open(const struct vt_perf_counter *counters, uint32_t count, uint32_t tid,
				       uint32_t inherit, int32_t *fds);

/* Starts the groups of `threads` threads, `count` descriptors each. 0 or -errno. */
VT_EXPORT int32_t vt_perf_entries_enable(const int32_t *fds, uint32_t threads, uint32_t count);

/* Sums over all threads, one per counter. At most VT_PERF_COUNTERS_MAX counters. 0 or -errno. */
enum { VT_PERF_COUNTERS_MAX = 64 };
VT_EXPORT int32_t vt_perf_entries_read(const int32_t *fds, uint32_t threads, uint32_t count, uint64_t *totals);

/* Closes those that are not negative. 0. */
VT_EXPORT int32_t vt_perf_entries_close(int32_t *fds, uint32_t fd_count);

/*
 * Enters the kernel `calls` times by clock_gettime of CLOCK_MONOTONIC: a counter that shows none of them counts nothing.
 * 0 or -errno.
 */
VT_EXPORT int32_t vt_enter_for_clock(uint32_t calls);

/* Raises this process's limit of open files to `wanted`. 0; -EMFILE: the hard limit is lower, and is the limit now. */
VT_EXPORT int32_t vt_raise_open_files(uint64_t wanted);

#endif
