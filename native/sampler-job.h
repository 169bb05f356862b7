/*
 * Between sampler-loops.c, which has the loops that are timed, sampler-job.c, which makes one ready for an entry of a plan,
 * sampler-timing.c, which times it, and sampler.c, which works a plan off.
 */
#ifndef VDSOTOP_SAMPLER_JOB_H
#define VDSOTOP_SAMPLER_JOB_H

#include <stdbool.h>
#include <sys/time.h>
#include <time.h>

#include "vdsotop.h"

/* A batch made ready to run: the loop, and what it calls where that is not a function of libc by its name. */
struct job {
	long (*loop)(const struct job *job, uint32_t calls);
	union {
		int (*clock)(clockid_t, struct timespec *);
		int (*timeofday)(struct timeval *, void *);
		time_t (*time)(time_t *);
		int (*getcpu)(unsigned *, unsigned *, void *);
		uintptr_t address;
	} to;
	long number; /* of the syscall */
	clockid_t clock_id;
	bool negative_errno; /* an error is the result itself (vDSO), not -1 and errno */
};

typedef long loop_fn(const struct job *job, uint32_t calls);

/* Loops of `calls` calls and nothing else; they answer what the last one answered. By libc's name: */
loop_fn loop_libc_clock, loop_libc_resolution, loop_libc_timeofday, loop_libc_time, loop_libc_cpu;
/* By job->to; clock_getres has the type of clock_gettime. */
loop_fn loop_direct_clock, loop_direct_timeofday, loop_direct_time, loop_direct_cpu;
/* By syscall(2) with job->number. */
loop_fn loop_syscall_clock, loop_syscall_timeofday, loop_syscall_time, loop_syscall_cpu, loop_syscall_null;
/* Reads of the counter, where can_read_counter() holds. */
loop_fn loop_counter;
loop_fn loop_empty;

/* Whether libc has getcpu(3). */
bool has_libc_getcpu(void);

/* Whether this architecture's counter is known here. */
bool can_read_counter(void);

enum { MAX_SYMBOLS = 64 };

/* The vDSO of this process, looked up once a run. */
struct own_vdso {
	struct vt_vdso_image image;
	struct vt_vdso_symbol symbols[MAX_SYMBOLS];
};

/* 0; -ENOENT: no such function; -ENOTSUP: no such combination here. */
int32_t make_job(const struct vt_batch *batch, const struct own_vdso *vdso, struct job *job);

uint64_t clock_ns(clockid_t clock);

/* Of the empty loop, so many turns of it. */
double floor_ns(uint32_t calls);

/* One call: does it answer at all? 0 or what it answered, -errno. */
int32_t first_call(const struct job *job);

/* Warms up for a batch of so many calls; the price of one, roughly. */
double warm_up(const struct job *job, uint32_t calls);

/* Times the batch: price and CPU, or error, of *result. */
void time_batch(const struct job *job, uint32_t calls, struct vt_batch_result *result);

#endif
