/*
 * Clock system calls made in ways that a counter may lose or double:
 *
 *   enter-in-many-ways ids N      every kind of clock id N times, each with rubbish above its 32 bits, and clock_getres
 *   enter-in-many-ways threads N  200 threads one after another, each N times
 *   enter-in-many-ways forks N    20 times: a child that reads N times, a thread of it N times, a child of it N times
 *   enter-in-many-ways exec N     N times, then the same from a new image that a second thread has called exec for
 *
 * Prints "ready", begins at a line of input, and prints "own FUNCTION SLOT COUNT" or "child FUNCTION SLOT COUNT" for
 * what it did, then "end"; it stays until its input is closed. Slots are those of
 * src/model/clock-calls.ts, written down by hand.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_IN_TURN = 200, FORKS = 20 };

static long times;

static void read_clock(long id, long count)
{
	struct timespec ts;

	for (long i = 0; i < count; i++)
		syscall(SYS_clock_gettime, id, &ts);
}

static void *read_raw(void *unused)
{
	(void)unused;
	read_clock(CLOCK_MONOTONIC_RAW, times);
	return NULL;
}

static void in_thread(void *(*run)(void *))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, NULL) != 0)
		exit(1);
	pthread_join(thread, NULL);
}

static void ids(void)
{
	/* include/linux/posix-timers.h: ~pid << 3 | 4 for a thread | clock; 3 for a descriptor. */
	static const struct { int id, slot; } known[] = {
		{ 0, 0 }, { 1, 1 }, { 2, 2 }, { 3, 3 }, { 4, 4 }, { 5, 5 }, { 6, 6 }, { 7, 7 }, { 8, 8 }, { 9, 9 },
		{ 10, 10 }, { 11, 11 }, { 12, 12 }, { 16, 16 }, { 31, 31 }, { 32, 35 }, { 1000, 35 }, { 0x7fffffff, 35 },
		{ ~0 * 8 | 2, 32 }, { ~1 * 8 | 0, 32 }, { ~0 * 8 | 4 | 2, 33 }, { ~0 * 8 | 4 | 1, 33 },
		{ ~1 * 8 | 3, 34 }, { ~0 * 8 | 4 | 3, 35 },
	};
	struct timespec ts;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		read_clock((long)(0xdeadbeef00000000ul | (unsigned)known[i].id), times);
		printf("own clock_gettime %d %ld\n", known[i].slot, times);
	}
	for (long i = 0; i < times; i++)
		syscall(SYS_clock_getres, CLOCK_BOOTTIME, &ts);
	printf("own clock_getres %d %ld\n", CLOCK_BOOTTIME, times);
}

static void threads(void)
{
	for (int i = 0; i < THREADS_IN_TURN; i++)
		in_thread(read_raw);
	printf("own clock_gettime %d %ld\n", CLOCK_MONOTONIC_RAW, THREADS_IN_TURN * times);
}

static void child(void)
{
	pid_t grandchild;

	read_clock(CLOCK_REALTIME, times);
	in_thread(read_raw);
	grandchild = fork();
	if (grandchild == 0) {
		read_clock(CLOCK_BOOTTIME, times);
		_exit(0);
	}
	waitpid(grandchild, NULL, 0);
	_exit(0);
}

static void forks(void)
{
	for (int i = 0; i < FORKS; i++) {
		pid_t pid = fork();

		if (pid == 0)
			child();
		waitpid(pid, NULL, 0);
		read_clock(CLOCK_TAI, times);
	}
	printf("own clock_gettime %d %ld\n", CLOCK_TAI, FORKS * times);
	printf("child clock_gettime %d %ld\n", CLOCK_REALTIME, FORKS * times);
	printf("child clock_gettime %d %ld\n", CLOCK_MONOTONIC_RAW, FORKS * times);
	printf("child clock_gettime %d %ld\n", CLOCK_BOOTTIME, FORKS * times);
}

static void *become_another_image(void *count)
{
	execl("/proc/self/exe", "enter-in-many-ways", "after-exec", count, NULL);
	exit(1);
}

static void *call_exec(void *unused)
{
	char count[32];

	(void)unused;
	snprintf(count, sizeof(count), "%ld", times);
	return become_another_image(count);
}

static void finish(void)
{
	char byte;

	puts("end");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	exit(0);
}

static void before_exec(void)
{
	read_clock(CLOCK_BOOTTIME, times);
	printf("own clock_gettime %d %ld\n", CLOCK_BOOTTIME, times);
	fflush(stdout);
	in_thread(call_exec);
}

static void after_exec(void)
{
	read_clock(CLOCK_TAI, times);
	printf("own clock_gettime %d %ld\n", CLOCK_TAI, times);
}

static void wait_for_line(void)
{
	char byte = 0;

	puts("ready");
	fflush(stdout);
	while (byte != '\n')
		if (read(0, &byte, 1) <= 0)
			exit(1);
}

int main(int argc, char **argv)
{
	static const struct { const char *name; void (*run)(void); } actions[] = {
		{ "ids", ids }, { "threads", threads }, { "forks", forks }, { "exec", before_exec }, { "after-exec", after_exec },
	};

	if (argc != 3)
		return 2;
	times = atol(argv[2]);
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(argv[1], actions[i].name) != 0)
			continue;
		if (actions[i].run != after_exec)
			wait_for_line();
		actions[i].run();
		finish();
	}
	return 2;
}
