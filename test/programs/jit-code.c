/*
 * Writes a function into anonymous memory, as a JIT compiler does, and calls it for ever; it reads the clock of argument 1
 * through libc. Names it in /tmp/perf-PID.map when there is an argument 2. Says its pid.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static struct timespec now;

static uint8_t *put(uint8_t *at, const char *bytes, size_t count, uint64_t operand, size_t operand_bytes)
{
	memcpy(at, bytes, count);
	memcpy(at + count, &operand, operand_bytes);
	return at + count + operand_bytes;
}

int main(int argc, char **argv)
{
	uint8_t *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *at = code;
	void (*read_clock)(void);

	if (code == MAP_FAILED || argc < 2)
		return 2;
	at = put(at, "\x55\x48\x89\xe5", 4, 0, 0);                               /* push %rbp; mov %rsp,%rbp */
	at = put(at, "\xbf", 1, (uint64_t)atoi(argv[1]), 4);                      /* mov $clock,%edi */
	at = put(at, "\x48\xbe", 2, (uint64_t)(uintptr_t)&now, 8);                /* movabs $&now,%rsi */
	at = put(at, "\x48\xb8", 2, (uint64_t)(uintptr_t)&clock_gettime, 8);      /* movabs $clock_gettime,%rax */
	at = put(at, "\xff\xd0\x5d\xc3", 4, 0, 0);                                /* call *%rax; pop %rbp; ret */
	if (argc > 2) {
		char path[64];
		FILE *map;

		snprintf(path, sizeof(path), "/tmp/perf-%d.map", (int)getpid());
		map = fopen(path, "w");
		if (map == NULL)
			return 3;
		fprintf(map, "%lx %lx LazyCompile:*readClock \x1b[31mapp.js:7\n", (unsigned long)code,
			(unsigned long)(at - code));
		fclose(map);
	}
	memcpy(&read_clock, &code, sizeof(code));
	printf("%d\n", (int)getpid());
	fflush(stdout);
	for (;;) {
		read_clock();
		usleep(200);
	}
}
