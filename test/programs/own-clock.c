/*
 * A clock_gettime() of one's own: as a library (-shared -fPIC) to stand before libc's, under another version with -DOTHER_VERSION
 * and a version script; as a program (-DPROGRAM) that calls it, says "ready" and waits.
 */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#ifdef OTHER_VERSION
#define NAME other_clock
__asm__(".symver other_clock, clock_gettime@@OTHER_1.0");
#else
#define NAME clock_gettime
#endif

int NAME(clockid_t id, struct timespec *now)
{
	now->tv_sec = id;
	now->tv_nsec = 0;
	return 0;
}

#ifdef PROGRAM
int main(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	printf("ready %ld\n", (long)now.tv_sec);
	fflush(stdout);
	for (;;)
		pause();
}
#endif
