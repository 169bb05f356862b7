/*
 * clock_gettime in a thread "reader", by up to three functions that are never inlined, in a fixed mix:
 *
 *   mixed-reads [--rate N|hot] [--count N] [--wait] [--sleepers N] [--library FILE] READ... [--then ARGUMENT...]
 *
 *   READ  PLACE:CLOCK:PATH:WEIGHT, such as often:1:libc:5. PLACE: often, sometimes or seldom, the function that reads;
 *         PATH: libc; syscall: libc's syscall(); inline: the instruction in our text; library: that of FILE's ratelimit()
 *   N     reads a second in all, 1000 by default; --count: reads in all; --sleepers: threads that sleep beside it
 *
 * With --wait it reads nothing before SIGUSR1. SIGUSR2 replaces it by itself with what is after --then. On SIGTERM it
 * ends and prints one line of JSON: the reads of each PLACE. It paces itself without reading a clock but once.
 * Compiles for glibc and musl, static too, and with -m32.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PLACES = 3, MOST_IN_MIX = 100, BURSTS_PER_SECOND = 250, NS_PER_SECOND = 1000000000, USAGE = 2 };

typedef long raw_read(long clock, void *into);

static raw_read *library_read;
static uint64_t rate = 1000, limit = UINT64_MAX;
static atomic_bool stopping;
static struct read {
	long clock, weight;
	void (*path)(long clock, void *into);
	uint64_t count;
} reads[PLACES];
static const char *const places[PLACES] = { "often", "sometimes", "seldom" };
static int mix[MOST_IN_MIX], mixed;

#define INLINED static inline __attribute__((always_inline)) void

INLINED by_libc(long clock, void *into) { clock_gettime((clockid_t)clock, into); }
INLINED by_syscall(long clock, void *into) { syscall(SYS_clock_gettime, clock, into); }
INLINED by_library(long clock, void *into) { library_read(clock, into); }
INLINED by_instruction(long clock, void *into)
{
	long answer = SYS_clock_gettime;
#if defined(__x86_64__)
	__asm__ volatile("syscall" : "+a"(answer) : "D"(clock), "S"(into) : "rcx", "r11", "memory");
#elif defined(__i386__)
	__asm__ volatile("int $0x80" : "+a"(answer) : "b"(clock), "c"(into) : "memory");
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = answer, x0 __asm__("x0") = clock;
	register void *x1 __asm__("x1") = into;
	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1) : "memory");
#endif
	(void)answer;
}

/* Kept from calling by a jump, which would leave no frame of it: the barrier after the call has work to do. */
#define DEFINE_PLACE(place, path)                                                                                      \
	static __attribute__((noinline, noclone)) void place##_##path(long clock, void *into)                          \
	{                                                                                                              \
		by_##path(clock, into);                                                                                \
		__asm__ volatile("" : : "r"(into) : "memory");                                                         \
	}
#define DEFINE_PLACES(path) DEFINE_PLACE(often, path) DEFINE_PLACE(sometimes, path) DEFINE_PLACE(seldom, path)

DEFINE_PLACES(libc)
DEFINE_PLACES(syscall)
DEFINE_PLACES(library)
DEFINE_PLACES(instruction)

static const struct path {
	const char *name;
	void (*by_place[PLACES])(long clock, void *into);
} paths[] = {
	{ "libc", { often_libc, sometimes_libc, seldom_libc } },
	{ "syscall", { often_syscall, sometimes_syscall, seldom_syscall } },
	{ "library", { often_library, sometimes_library, seldom_library } },
	{ "inline", { often_instruction, sometimes_instruction, seldom_instruction } },
};

static _Noreturn void refuse(const char *text)
{
	fprintf(stderr, "mixed-reads: cannot use '%s'\n", text);
	exit(USAGE);
}

static void add_read(const char *text)
{
	char place[16], path[16];
	long clock, weight;
	int at = 0;
	size_t way = 0;

	if (sscanf(text, "%15[^:]:%ld:%15[^:]:%ld", place, &clock, path, &weight) != 4)
		refuse(text);
	while (at < PLACES && strcmp(places[at], place) != 0)
		at++;
	while (way < sizeof paths / sizeof paths[0] && strcmp(paths[way].name, path) != 0)
		way++;
	if (at == PLACES || way == sizeof paths / sizeof paths[0] || weight < 1)
		refuse(text);
	reads[at] = (struct read){ .clock = clock, .weight = weight, .path = paths[way].by_place[at] };
}

/* Spreads the places over the mix: each step goes to the one that is furthest behind its weight. */
static void spread(void)
{
	long all = 0, given[PLACES] = { 0 };

	for (int i = 0; i < PLACES; i++)
		all += reads[i].weight;
	if (all < 1 || all > MOST_IN_MIX)
		refuse("these weights");
	for (mixed = 0; mixed < all; mixed++) {
		int next = 0;

		for (int i = 1; i < PLACES; i++)
			if (reads[i].weight * (mixed + 1) - given[i] * all > reads[next].weight * (mixed + 1) - given[next] * all)
				next = i;
		given[next]++;
		mix[mixed] = next;
	}
}

static void read_one(uint64_t number)
{
	static long result[8];
	struct read *const read = &reads[mix[number % (uint64_t)mixed]];

	read->path(read->clock, result);
	read->count++;
}

static void *run_reader(void *unused)
{
	struct timespec until;
	uint64_t done = 0;

	prctl(PR_SET_NAME, "reader");
	clock_gettime(CLOCK_MONOTONIC, &until);
	for (uint64_t burst = 1; done < limit && !atomic_load(&stopping); burst++) {
		const uint64_t due = rate == UINT64_MAX ? done + 1000 : rate * burst / BURSTS_PER_SECOND;

		for (; done < due && done < limit; done++)
			read_one(done);
		if (rate == UINT64_MAX)
			continue;
		until.tv_nsec += NS_PER_SECOND / BURSTS_PER_SECOND;
		if (until.tv_nsec >= NS_PER_SECOND) {
			until.tv_nsec -= NS_PER_SECOND;
			until.tv_sec++;
		}
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	}
	return unused;
}

static void *sleep_for_ever(void *unused)
{
	prctl(PR_SET_NAME, "sleeper");
	for (;;)
		pause();
	return unused;
}

static pthread_t start_thread(void *(*run)(void *))
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 64 * 1024);
	if (pthread_create(&thread, &attributes, run, NULL) != 0)
		refuse("so many threads");
	return thread;
}

static raw_read *load(const char *file)
{
	void *const library = dlopen(file, RTLD_NOW);
	raw_read *found = NULL;
	void *const symbol = library == NULL ? NULL : dlsym(library, "ratelimit");

	if (symbol == NULL)
		refuse(file);
	memcpy(&found, &symbol, sizeof found);
	return found;
}

static int wait_for_signal(const sigset_t *signals)
{
	int received;

	sigwait(signals, &received);
	return received;
}

int main(int count, char **texts)
{
	static const int waited_for[] = { SIGTERM, SIGUSR1, SIGUSR2 };
	char *then[16] = { texts[0] };
	bool wait = false;
	sigset_t signals;
	int next = 1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof waited_for / sizeof waited_for[0]; i++)
		sigaddset(&signals, waited_for[i]);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	for (; next < count && strcmp(texts[next], "--then") != 0; next++) {
		const char *const value = next + 1 < count ? texts[next + 1] : "";

		if (strcmp(texts[next], "--wait") == 0)
			wait = true;
		else if (strcmp(texts[next], "--rate") == 0 && next++)
			rate = strcmp(value, "hot") == 0 ? UINT64_MAX : strtoull(value, NULL, 10);
		else if (strcmp(texts[next], "--count") == 0 && next++)
			limit = strtoull(value, NULL, 10);
		else if (strcmp(texts[next], "--library") == 0 && next++)
			library_read = load(value);
		else if (strcmp(texts[next], "--sleepers") == 0 && next++)
			for (long i = atol(value); i > 0; i--)
				start_thread(sleep_for_ever);
		else
			add_read(texts[next]);
	}
	spread();
	for (int i = 1; next + i < count && i < 15; i++)
		then[i] = texts[next + i];
	int received = 0;

	while (wait && received != SIGUSR1 && received != SIGTERM)
		received = wait_for_signal(&signals);
	if (received == SIGTERM)
		return 0;

	const pthread_t reader = start_thread(run_reader);

	while ((received = wait_for_signal(&signals)) != SIGTERM)
		if (received == SIGUSR2 && then[1] != NULL)
			execv("/proc/self/exe", then);
	atomic_store(&stopping, true);
	pthread_join(reader, NULL);
	printf("{\"often\":%llu,\"sometimes\":%llu,\"seldom\":%llu}\n", (unsigned long long)reads[0].count,
	       (unsigned long long)reads[1].count, (unsigned long long)reads[2].count);
	return 0;
}
