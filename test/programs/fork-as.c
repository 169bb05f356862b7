/*
 * fork-as PID [PROGRAM ARGUMENT...]: makes a child with that pid (clone3 with set_tid), which waits or becomes that program;
 * ends when the child does.
 */
#include <linux/sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	pid_t wanted = argc > 1 ? atoi(argv[1]) : 0;
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uint64_t)(uintptr_t)&wanted,
		.set_tid_size = 1,
	};
	const pid_t parent = getpid();
	long child = syscall(SYS_clone3, &args, sizeof(args));

	if (child < 0) {
		perror("clone3");
		return 1;
	}
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* The parent may have ended before this was asked for. */
		if (getppid() != parent)
			return 0;
		if (argc > 2)
			execv(argv[2], argv + 2);
		for (;;)
			pause();
	}
	printf("%ld\n", child);
	fflush(stdout);
	return waitpid((pid_t)child, NULL, 0) == child ? 0 : 1;
}
