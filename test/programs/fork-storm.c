/*
 * Processes that fork all the time, some children a millisecond, each of which lives for a while: to list them mostly takes
 * longer than it takes until there are others.
 *
 *   fork-storm SECONDS
 *
 * Prints a line when it is under way. It goes on for SECONDS, or until a line is sent to it. From that line on each child
 * enters the kernel CALLS times for CLOCK_BOOTTIME at its end, and LAST_CHILDREN more of each process. Then it prints how
 * often they did in all, and waits.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FORKERS = 2, CALLS = 3, CHILD_US = 50000, FORK_US = 400, FIRST_CHILDREN = 200, LAST_CHILDREN = 30 };

struct shared {
	atomic_bool enters;
	atomic_long forked, entered;
};

static volatile sig_atomic_t over;

static void stop(int signal)
{
	(void)signal;
	over = 1;
}

static void pause_us(long us)
{
	const struct timespec span = { .tv_nsec = us * 1000 };

	nanosleep(&span, NULL);
}

static _Noreturn void live(struct shared *shared)
{
	long into[4];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pause_us(CHILD_US);
	for (int i = 0; i < CALLS && atomic_load(&shared->enters); i++) {
		syscall(SYS_clock_gettime, CLOCK_BOOTTIME, into);
		atomic_fetch_add(&shared->entered, 1);
	}
	_exit(0);
}

static void fork_one(struct shared *shared)
{
	if (fork() == 0)
		live(shared);
	atomic_fetch_add(&shared->forked, 1);
	pause_us(FORK_US);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static _Noreturn void storm(struct shared *shared, unsigned seconds)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, stop);
	alarm(seconds);
	while (!atomic_load(&shared->enters))
		if (over)
			pause_us(FORK_US);
		else
			fork_one(shared);
	for (int i = 0; i < LAST_CHILDREN; i++)
		fork_one(shared);
	while (waitpid(-1, NULL, 0) > 0)
		;
	_exit(0);
}

int main(int count, char **texts)
{
	const unsigned seconds = count > 1 ? (unsigned)atoi(texts[1]) : 1;
	struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return EXIT_FAILURE;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < FORKERS; i++)
		if (fork() == 0)
			storm(shared, seconds);
	while (atomic_load(&shared->forked) < FIRST_CHILDREN)
		pause_us(FORK_US);
	puts("forking");
	fflush(stdout);
	getchar();
	atomic_store(&shared->enters, true);
	while (waitpid(-1, NULL, 0) > 0)
		;
	printf("%ld\n", atomic_load(&shared->entered));
	fflush(stdout);
	for (;;)
		pause();
}
