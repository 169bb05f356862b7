/* Has some 60,000 mappings, and reads the CPU clock of its thread through libc five thousand times a second. Says its pid. */
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { PAGES = 60000, PAGE_BYTES = 4096 };

__attribute__((noinline, noipa)) void read_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	__asm__ volatile("" : : "r"(&now) : "memory");
}

int main(void)
{
	char *memory = mmap(NULL, (size_t)PAGES * PAGE_BYTES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return 2;
	/* Neighbours with other permissions do not merge. */
	for (size_t page = 0; page < PAGES; page += 2)
		if (mprotect(memory + page * PAGE_BYTES, PAGE_BYTES, page % 4 == 0 ? PROT_NONE : PROT_READ | PROT_EXEC) != 0)
			return 3;
	printf("%d\n", (int)getpid());
	fflush(stdout);
	for (;;) {
		read_clock();
		usleep(200);
	}
}
