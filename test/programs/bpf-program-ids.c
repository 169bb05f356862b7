/* bpf-program-ids ID…: prints those of the BPF program ids that are loaded in the kernel. */
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		union bpf_attr attr = { .prog_id = (unsigned)atoi(argv[i]) };
		long fd = syscall(SYS_bpf, BPF_PROG_GET_FD_BY_ID, &attr, sizeof(attr));

		if (fd < 0)
			continue;
		printf("%s\n", argv[i]);
		close((int)fd);
	}
	return 0;
}
