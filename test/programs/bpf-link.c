/* bpf-link netns | bpf-link perf ID: holds nothing but a BPF link, on its network namespace or on tracepoint ID. */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct bpf_insn return_one[] = {
	{ .code = 0xb7, .dst_reg = 0, .imm = 1 },
	{ .code = 0x95 },
};

static int load(unsigned type, unsigned attach_type)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = type;
	attr.expected_attach_type = attach_type;
	attr.insns = (unsigned long)return_one;
	attr.insn_cnt = 2;
	attr.license = (unsigned long)"GPL";
	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int open_tracepoint(unsigned long id)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.size = sizeof(attr);
	attr.config = id;
	return (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
}

int main(int argc, char **argv)
{
	int perf = argc > 2;
	int program = perf ? load(BPF_PROG_TYPE_TRACEPOINT, 0) : load(BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP);
	int target = perf ? open_tracepoint(strtoul(argv[2], NULL, 10)) : open("/proc/self/ns/net", O_RDONLY);
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = (unsigned)program;
	attr.link_create.target_fd = (unsigned)target;
	attr.link_create.attach_type = perf ? BPF_PERF_EVENT : BPF_SK_LOOKUP;
	if (syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr)) < 0) {
		perror("BPF_LINK_CREATE");
		return 1;
	}
	close(target);
	puts("held");
	fflush(stdout);
	pause();
	return 0;
}
