#ifndef VDSOTOP_BPF_CALL_H
#define VDSOTOP_BPF_CALL_H

#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* bpf(2): what it answers, or -errno. */
static inline int32_t bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	long result = syscall(SYS_bpf, command, attr, sizeof(*attr));

	return result < 0 ? -errno : (int32_t)result;
}

#endif
