/*
 * Reads clocks by system call from three places that a test gives any name it likes: a function of this program, one of
 * a library (argument 1) that is this source too, and code in anonymous memory (named in /tmp/perf-PID.map as argument 2
 * says). Its name is argument 3, and those of further threads are the arguments behind that. Says "running".
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ROOM(name) name##_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789

/* Patched in the file by a text of the same length. */
#ifdef LIBRARY
#define OWN ROOM(library)
#else
#define OWN ROOM(program)
#endif

static __attribute__((noinline, noipa)) void OWN(clockid_t clock)
{
	struct timespec now;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(SYS_clock_gettime), "D"(clock), "S"(&now)
			 : "rcx", "r11", "memory");
}

#ifdef LIBRARY
void read_clock_in_library(clockid_t clock)
{
	OWN(clock);
}
#else
typedef void read_function(clockid_t clock);

static void read_for_ever(read_function *read)
{
	for (;;) {
		read(CLOCK_REALTIME);
		usleep(500);
	}
}

/* mov $228,%eax; lea -24(%rsp),%rsi; syscall; ret */
static read_function *write_code(const char *name)
{
	static const uint8_t bytes[] = { 0xb8, 0xe4, 0, 0, 0, 0x48, 0x8d, 0x74, 0x24, 0xe8, 0x0f, 0x05, 0xc3 };
	void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	read_function *read;
	char path[64];
	FILE *map;

	if (code == MAP_FAILED)
		exit(2);
	memcpy(code, bytes, sizeof(bytes));
	snprintf(path, sizeof(path), "/tmp/perf-%d.map", (int)getpid());
	map = fopen(path, "w");
	if (map == NULL)
		exit(3);
	fprintf(map, "%lx %x %s\n", (unsigned long)code, (unsigned)sizeof(bytes), name);
	fclose(map);
	memcpy(&read, &code, sizeof(read));
	return read;
}

struct thread {
	const char *name;
	read_function *read;
};

static void *run(void *argument)
{
	const struct thread *thread = argument;

	prctl(PR_SET_NAME, thread->name);
	read_for_ever(thread->read);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct thread threads[32];
	void *library = argc > 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
	read_function *reads[3] = { OWN, NULL, NULL };
	pthread_t id;

	if (library == NULL || argc > 36)
		return 1;
	reads[1] = (read_function *)(uintptr_t)dlsym(library, "read_clock_in_library");
	reads[2] = write_code(argv[2]);
	for (int i = 4; i < argc; i++) {
		threads[i - 4] = (struct thread){ argv[i], reads[i % 3] };
		if (pthread_create(&id, NULL, run, &threads[i - 4]) != 0)
			return 4;
	}
	prctl(PR_SET_NAME, argv[3]);
	printf("running\n");
	fflush(stdout);
	read_for_ever(OWN);
}
#endif
