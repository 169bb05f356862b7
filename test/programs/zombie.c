/* Prints the pid of a child that has ended, and never reaps it. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	pid_t child = fork();
	siginfo_t ended;

	if (child == 0)
		_exit(0);
	if (child < 0 || waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT) != 0)
		return 1;
	printf("%d\n", child);
	fflush(stdout);
	for (;;)
		pause();
}
