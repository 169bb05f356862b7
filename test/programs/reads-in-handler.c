/* Reads the process's CPU clock in a signal handler that interrupts spin() a thousand times a second. Says its pid. */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile unsigned long turns;

__attribute__((noinline, noipa)) void handler(int signal)
{
	struct timespec now;

	(void)signal;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	turns += (unsigned long)now.tv_nsec & 1;
}

__attribute__((noinline, noipa)) void spin(void)
{
	for (;;)
		turns += 2;
}

int main(void)
{
	const struct itimerval every = { { 0, 1000 }, { 0, 1000 } };

	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &every, NULL);
	printf("%d\n", (int)getpid());
	fflush(stdout);
	spin();
	return 0;
}
