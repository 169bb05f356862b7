/*
 * Asks the kernel what a BPF program hangs on through a file descriptor of any process: BPF_TASK_FD_QUERY (Linux 4.18,
 * kernel/bpf/syscall.c). Opens nothing and changes nothing.
 */
#include "vdsotop.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's own ENOTSUPP, which user space has no name for. */
#define KERNEL_ENOTSUPP 524

int32_t vt_task_fd_query(uint32_t pid, uint32_t fd, struct vt_task_fd *out)
{
	union bpf_attr attributes;

	memset(out, 0, sizeof(*out));
	memset(&attributes, 0, sizeof(attributes));
	attributes.task_fd_query.pid = pid;
	attributes.task_fd_query.fd = fd;
	attributes.task_fd_query.buf = (uint64_t)(uintptr_t)out->name;
	attributes.task_fd_query.buf_len = sizeof(out->name);
	if (syscall(SYS_bpf, BPF_TASK_FD_QUERY, &attributes, sizeof(attributes)) < 0 && errno != ENOSPC) {
		memset(out, 0, sizeof(*out));
		return errno == KERNEL_ENOTSUPP ? -ENOTSUP : -errno;
	}
	/* A name that did not fit is cut off (ENOSPC); the kernel ends it with a zero byte even so. */
	out->name[sizeof(out->name) - 1] = '\0';
	out->kind = attributes.task_fd_query.fd_type;
	out->program_id = attributes.task_fd_query.prog_id;
	return 0;
}
