/*
 * bpf-link netns | bpf-link perf ID [DIRECTORY]: holds nothing but a BPF link, on its network namespace or on tracepoint
 * ID. With a directory it pins the link there, in a BPF file system of its own mount namespace, and holds nothing.
 */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
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

/* In a mount namespace of this process alone: with it, the link goes. */
static int pin(int link, const char *directory)
{
	union bpf_attr attr;
	char path[256];

	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("bpf", directory, "bpf", 0, NULL) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/link", directory);
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (unsigned long)path;
	attr.bpf_fd = (unsigned)link;
	return (int)syscall(SYS_bpf, BPF_OBJ_PIN, &attr, sizeof(attr));
}

int main(int argc, char **argv)
{
	int perf = argc > 2;
	int program = perf ? load(BPF_PROG_TYPE_TRACEPOINT, 0) : load(BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP);
	int target = perf ? open_tracepoint(strtoul(argv[2], NULL, 10)) : open("/proc/self/ns/net", O_RDONLY);
	union bpf_attr attr;
	int link;

	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = (unsigned)program;
	attr.link_create.target_fd = (unsigned)target;
	attr.link_create.attach_type = perf ? BPF_PERF_EVENT : BPF_SK_LOOKUP;
	link = (int)syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	if (link < 0) {
		perror("BPF_LINK_CREATE");
		return 1;
	}
	close(target);
	if (argc > 3 && (pin(link, argv[3]) < 0 || close(program) < 0 || close(link) < 0)) {
		perror("pinning");
		return 1;
	}
	puts(argc > 3 ? "pinned" : "held");
	fflush(stdout);
	pause();
	return 0;
}
