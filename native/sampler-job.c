/* From an entry of a plan to a loop that is ready to run. */
#include "sampler-job.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>

struct call {
	loop_fn *by_libc, *by_address, *by_syscall; /* NULL: cannot be called so */
	long number;                                /* of the syscall; -1: none */
	uintptr_t vsyscall;                         /* address in the legacy page; 0: none */
	const char *vdso[2];                        /* names in a vDSO: most architectures, arm64 */
};

#if defined(__x86_64__)
#define VSYSCALL(index) (0xffffffffff600000u + 0x400u * (index))
#else
#define VSYSCALL(index) 0
#endif
#ifndef SYS_time
#define SYS_time -1
#endif

/*
 * The null syscall is sched_get_priority_max: it answers a constant, so that its price is that of entering and leaving
 * (108 to 118 ns where getuid took 134, getpid 152 and getppid 178). An invalid number costs the same, but is no floor
 * of a real call: seccomp filters of containers treat it otherwise, and syscall tracing passes over it.
 */
static const struct call calls_by_id[] = {
	[VT_CALL_CLOCK_GETTIME] = { loop_libc_clock, loop_direct_clock, loop_syscall_clock, SYS_clock_gettime, 0,
				    { "__vdso_clock_gettime", "__kernel_clock_gettime" } },
	[VT_CALL_GETTIMEOFDAY] = { loop_libc_timeofday, loop_direct_timeofday, loop_syscall_timeofday, SYS_gettimeofday,
				   VSYSCALL(0), { "__vdso_gettimeofday", "__kernel_gettimeofday" } },
	[VT_CALL_TIME] = { loop_libc_time, loop_direct_time, loop_syscall_time, SYS_time, VSYSCALL(1),
			   { "__vdso_time", NULL } },
	[VT_CALL_GETCPU] = { loop_libc_cpu, loop_direct_cpu, loop_syscall_cpu, SYS_getcpu, VSYSCALL(2),
			     { "__vdso_getcpu", NULL } },
	[VT_CALL_NULL_SYSCALL] = { .by_syscall = loop_syscall_null, .number = SYS_sched_get_priority_max },
	[VT_CALL_COUNTER] = { .number = -1 },
	[VT_CALL_CLOCK_GETRES] = { loop_libc_resolution, loop_direct_clock, loop_syscall_clock, SYS_clock_getres, 0,
				   { "__vdso_clock_getres", "__kernel_clock_getres" } },
};

static uintptr_t find_symbol(const struct own_vdso *vdso, const char *const names[2])
{
	for (uint32_t i = 0; i < vdso->image.symbol_count; i++)
		for (int n = 0; n < 2; n++)
			if (names[n] != NULL && strcmp(vdso->symbols[i].name, names[n]) == 0)
				return (uintptr_t)(vdso->image.base + vdso->symbols[i].offset);
	return 0;
}

static int32_t prepare_libc(const struct call *call, struct job *job)
{
	job->loop = call->by_libc;
	return call->by_libc == NULL ? -ENOTSUP : call->by_libc == loop_libc_cpu && !has_libc_getcpu() ? -ENOENT : 0;
}

static int32_t prepare_address(const struct call *call, uintptr_t address, int32_t missing, struct job *job)
{
	job->loop = call->by_address;
	job->to.address = address;
	job->negative_errno = true;
	return call->by_address == NULL ? -ENOTSUP : address == 0 ? missing : 0;
}

static int32_t prepare_syscall(const struct call *call, struct job *job)
{
	job->loop = call->by_syscall;
	job->number = call->number;
	return call->by_syscall == NULL || call->number < 0 ? -ENOTSUP : 0;
}

static int32_t prepare_raw(int32_t call, struct job *job)
{
	job->loop = loop_counter;
	return can_read_counter() && call == VT_CALL_COUNTER ? 0 : -ENOTSUP;
}

int32_t make_job(const struct vt_batch *batch, const struct own_vdso *vdso, struct job *job)
{
	if (batch->call < 0 || batch->call >= (int32_t)(sizeof(calls_by_id) / sizeof(calls_by_id[0])))
		return -ENOTSUP;
	const struct call *call = &calls_by_id[batch->call];
	*job = (struct job){ .clock_id = batch->clock_id };
	switch (batch->path) {
	case VT_PATH_LIBC: return prepare_libc(call, job);
	case VT_PATH_VDSO: return prepare_address(call, find_symbol(vdso, call->vdso), -ENOENT, job);
	case VT_PATH_SYSCALL: return prepare_syscall(call, job);
	case VT_PATH_VSYSCALL: return prepare_address(call, call->vsyscall, -ENOTSUP, job);
	case VT_PATH_RAW: return prepare_raw(batch->call, job);
	}
	return -ENOTSUP;
}
