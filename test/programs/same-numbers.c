/*
 * System calls of 64-bit code that bear the numbers of 32-bit clock calls, for the tests of counting 32-bit programs:
 *
 *   same-numbers TIMES: waits for a line, makes each of them TIMES times (linkat, symlinkat, getdents, rt_sigaction,
 *   getrandom, and 403 and 406, which no 64-bit kernel has), then TIMES real 32-bit clock_gettime(CLOCK_BOOTTIME) by
 *   int $0x80, prints "done MADE" with how many of those succeeded, and waits for its end. Needs a kernel that runs
 *   32-bit code, as -m32 does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CLOCK_GETTIME_32 = 265, BOOTTIME = 7 };

static long call_as_32_bit_code(long number, long first, void *second)
{
	long answer;
	asm volatile("int $0x80" : "=a"(answer) : "0"(number), "b"(first), "c"(second) : "memory", "r8", "r9", "r10", "r11");
	return (int)answer;
}

static void make_look_alikes(long times)
{
	char buffer[64];
	for (long i = 0; i < times; i++) {
		syscall(SYS_linkat, 1, "", -1, "", 0);
		syscall(SYS_symlinkat, 3, -1, "");
		syscall(SYS_getdents, -1, buffer, sizeof buffer);
		syscall(SYS_rt_sigaction, 10, NULL, NULL, 8);
		syscall(SYS_getrandom, buffer, 1, 0);
		syscall(403, 1, buffer);
		syscall(406, 1, buffer);
	}
}

int main(int count, char **texts)
{
	const long times = count > 1 ? atol(texts[1]) : 1;
	long made = 0;
	void *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (low == MAP_FAILED || getchar() == EOF)
		return EXIT_FAILURE;
	make_look_alikes(times);
	for (long i = 0; i < times; i++)
		made += call_as_32_bit_code(CLOCK_GETTIME_32, BOOTTIME, low) == 0;
	printf("done %ld\n", made);
	fflush(stdout);
	pause();
	return EXIT_SUCCESS;
}
