#include "bpf-objects.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

#define MEMLOCK_WANTED (256ull << 20)
#define LOAD_ATTEMPTS 5

static int32_t create_map(uint32_t type, uint32_t value_bytes, uint32_t entries, uint32_t flags)
{
	union bpf_attr attr = { 0 };

	attr.map_type = type;
	attr.key_size = sizeof(uint32_t);
	attr.value_size = value_bytes;
	attr.max_entries = entries;
	attr.map_flags = flags;
	return bpf(BPF_MAP_CREATE, &attr); /* its descriptor is CLOEXEC: kernel/bpf/syscall.c bpf_map_new_fd */
}

/* Before Linux 5.11 maps were charged to RLIMIT_MEMLOCK, 64 KiB by default: asks for more, where that is permitted. */
int32_t create_map_raising_limit(uint32_t type, uint32_t value_bytes, uint32_t entries, uint32_t flags)
{
	int32_t fd = create_map(type, value_bytes, entries, flags);
	struct rlimit limit;

	if (fd != -EPERM || getrlimit(RLIMIT_MEMLOCK, &limit) < 0 || limit.rlim_cur >= MEMLOCK_WANTED)
		return fd;
	limit.rlim_cur = MEMLOCK_WANTED;
	if (limit.rlim_max < limit.rlim_cur)
		limit.rlim_max = limit.rlim_cur;
	if (setrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return fd;
	return create_map(type, value_bytes, entries, flags);
}

/*
 * The verifier gives up with EAGAIN when a signal is pending (kernel/bpf/verifier.c, do_check), be it a resized window:
 * signals wait meanwhile, and what else wakes a task is tried again.
 */
int32_t load_program(const struct code *c)
{
	union bpf_attr attr = { 0 };
	int32_t fd = -EAGAIN;
	sigset_t all, before;

	if (!code_fits(c))
		return -E2BIG;
	attr.prog_type = BPF_PROG_TYPE_TRACEPOINT;
	attr.insns = (uintptr_t)c->insn;
	attr.insn_cnt = c->count;
	attr.license = (uintptr_t)"MIT"; /* no helper in use is for GPL programs only */
	memcpy(attr.prog_name, "vdsotop", sizeof("vdsotop"));
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	for (int attempt = 0; attempt < LOAD_ATTEMPTS && fd == -EAGAIN; attempt++)
		fd = bpf(BPF_PROG_LOAD, &attr);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return fd;
}

/* A tracepoint event of all processes on one CPU, disabled: only something to hang a program on. */
int32_t open_event(uint32_t tracepoint_id)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr), .config = tracepoint_id, .disabled = 1
	};
	unsigned int cpu = 0;
	long fd;

	syscall(SYS_getcpu, &cpu, NULL, NULL);
	fd = syscall(SYS_perf_event_open, &attr, -1, (int)cpu, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : (int32_t)fd;
}
