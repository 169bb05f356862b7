/*
 * Has a time namespace for its children, in which CLOCK_MONOTONIC is ahead by a thousand seconds, and a child in it. Prints the
 * child's pid, or 0 where it may have none, and stays.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static int unshare_time(void)
{
	static const char offset[] = "monotonic 1000 0\n";

	if (unshare(CLONE_NEWTIME) != 0)
		return -1;
	const int file = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
	const ssize_t written = file < 0 ? -1 : write(file, offset, strlen(offset));

	close(file);
	return written < 0 ? -1 : 0;
}

static _Noreturn void stay(void)
{
	for (;;)
		pause();
}

int main(void)
{
	const int refused = unshare_time();
	const pid_t parent = getpid(), child = refused ? 0 : fork();

	if (child == 0 && !refused) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* The parent may have ended before this was asked for. */
		if (getppid() != parent)
			return 0;
		stay();
	}
	printf("%d\n", (int)child);
	fflush(stdout);
	stay();
}
