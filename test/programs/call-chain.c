/*
 * Functions, none inlined and none with a frame pointer, that read a clock in turn through libc. Says its pid, then
 * reads for ever: argument 1 is the clock id, 2 the pause between rounds in microseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CALLER __attribute__((noinline, noipa))

static volatile long sink;

CALLER void read_first(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	sink += now.tv_nsec;
}

CALLER void read_second(clockid_t clock)
{
	struct timespec before, after;
	volatile char room[200];

	clock_gettime(clock, &before);
	room[before.tv_nsec % 200] = 1;
	clock_gettime(clock, &after);
	sink += after.tv_nsec - before.tv_nsec + room[before.tv_nsec % 200];
}

CALLER void read_third(clockid_t clock, int depth)
{
	struct timespec now;

	clock_gettime(clock, &now);
	sink += now.tv_nsec + depth;
	if (depth > 0)
		read_third(clock, depth - 1);
	sink += 1;
}

CALLER void take_turns(clockid_t clock)
{
	read_first(clock);
	read_second(clock);
	read_third(clock, 2);
	sink += 2;
}

int main(int argc, char **argv)
{
	const clockid_t clock = argc > 1 ? atoi(argv[1]) : CLOCK_MONOTONIC;
	const unsigned pause = argc > 2 ? (unsigned)atoi(argv[2]) : 0;

	printf("%d\n", (int)getpid());
	fflush(stdout);
	for (;;) {
		take_turns(clock);
		if (pause > 0)
			usleep(pause);
	}
}
