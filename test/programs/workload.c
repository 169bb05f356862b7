/*
 * A workload of one kind of clock read, for the end-to-end tests:
 *
 *   workload [--function F] [--clock ID] [--path P] [--rate N|hot] [--threads T] [--count N] [--seconds S] [--wait]
 *
 *   F  clock_gettime (default), clock_getres, gettimeofday, time, getcpu
 *   P  libc (default); syscall: libc's syscall(); inline: the instruction in our own text; vsyscall: the legacy page
 *   N  reads a second of each thread, 1000 by default; hot: without a pause. --count: reads of each thread in all
 *
 * With --wait it reads nothing before SIGUSR1. It ends on SIGTERM, SIGINT, after --seconds or with its parent, and then
 * prints one line of JSON with the exact number of reads. To pace itself it reads CLOCK_MONOTONIC once, through libc.
 * Compiles for glibc and musl, static too, and with -m32.
 */
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { BURSTS_PER_SECOND = 100, NS_PER_SECOND = 1000000000, MOST_THREADS = 4096, USAGE = 2 };

/* Large enough for what any of the calls writes, at either word size. */
static _Thread_local long result[8];

static clockid_t clock_id = CLOCK_MONOTONIC;
static uint64_t rate = 1000;
static uint64_t limit = UINT64_MAX;
static void (*read_once)(void);
static struct timespec start;
static atomic_bool stopping;

static inline __attribute__((always_inline)) void inline_syscall(long number, long first, long second)
{
	long answer;
#if defined(__x86_64__)
	register long third asm("rdx") = 0;
	asm volatile("syscall" : "=a"(answer) : "0"(number), "D"(first), "S"(second), "r"(third) : "rcx", "r11", "memory");
#elif defined(__i386__)
	asm volatile("int $0x80" : "=a"(answer) : "0"(number), "b"(first), "c"(second), "d"(0L) : "memory");
#elif defined(__aarch64__)
	register long x8 asm("x8") = number;
	register long x0 asm("x0") = first;
	register long x1 asm("x1") = second;
	register long x2 asm("x2") = 0;
	asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	answer = x0;
#endif
	(void)answer;
}

#ifndef SYS_time
#define SYS_time -1 /* arm64 never had it */
#endif

static void clock_gettime_libc(void) { clock_gettime(clock_id, (struct timespec *)result); }
static void clock_gettime_syscall(void) { syscall(SYS_clock_gettime, clock_id, result); }
static void clock_gettime_inline(void) { inline_syscall(SYS_clock_gettime, clock_id, (long)result); }
static void clock_getres_libc(void) { clock_getres(clock_id, (struct timespec *)result); }
static void clock_getres_syscall(void) { syscall(SYS_clock_getres, clock_id, result); }
static void clock_getres_inline(void) { inline_syscall(SYS_clock_getres, clock_id, (long)result); }
static void gettimeofday_libc(void) { gettimeofday((struct timeval *)result, NULL); }
static void gettimeofday_syscall(void) { syscall(SYS_gettimeofday, result, NULL); }
static void gettimeofday_inline(void) { inline_syscall(SYS_gettimeofday, (long)result, 0); }
static void time_libc(void) { time((time_t *)result); }
static void time_syscall(void) { syscall(SYS_time, result); }
static void time_inline(void) { inline_syscall(SYS_time, (long)result, 0); }
static void getcpu_syscall(void) { syscall(SYS_getcpu, result, NULL, NULL); }
static void getcpu_inline(void) { inline_syscall(SYS_getcpu, (long)result, 0); }

#if defined(__GLIBC__)
static void getcpu_libc(void) { getcpu((unsigned *)result, NULL); }
#else
static void getcpu_libc(void) { sched_getcpu(); }
#endif

#if defined(__x86_64__)
/* arch/x86/entry/vsyscall/vsyscall_emu_64.S: one entry each 1024 bytes. */
static void gettimeofday_vsyscall(void) { ((long (*)(void *, void *))0xffffffffff600000)(result, NULL); }
static void time_vsyscall(void) { ((long (*)(void *))0xffffffffff600400)(result); }
static void getcpu_vsyscall(void) { ((long (*)(void *, void *, void *))0xffffffffff600800)(result, NULL, NULL); }
#else
#define gettimeofday_vsyscall NULL
#define time_vsyscall NULL
#define getcpu_vsyscall NULL
#endif

static const char *const paths[] = { "libc", "syscall", "inline", "vsyscall" };
static const struct function {
	const char *name;
	void (*by_path[4])(void);
} functions[] = {
	{ "clock_gettime", { clock_gettime_libc, clock_gettime_syscall, clock_gettime_inline, NULL } },
	{ "clock_getres", { clock_getres_libc, clock_getres_syscall, clock_getres_inline, NULL } },
	{ "gettimeofday", { gettimeofday_libc, gettimeofday_syscall, gettimeofday_inline, gettimeofday_vsyscall } },
	{ "time", { time_libc, time_syscall, time_inline, time_vsyscall } },
	{ "getcpu", { getcpu_libc, getcpu_syscall, getcpu_inline, getcpu_vsyscall } },
};

struct options {
	const char *function, *path;
	size_t threads;
	unsigned seconds;
	bool wait;
};

static struct options parse_options(int count, char **texts);
static void (*choose_reader(const struct options *options))(void);
static sigset_t block_signals(void);
static void wait_for(int first, int last, const sigset_t *signals);
static uint64_t run_threads(const struct options *options, const sigset_t *signals);

int main(int count, char **texts)
{
	const struct options options = parse_options(count, texts);
	read_once = choose_reader(&options);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	const sigset_t signals = block_signals();
	if (options.wait)
		wait_for(SIGUSR1, SIGTERM, &signals);
	clock_gettime(CLOCK_MONOTONIC, &start);
	const uint64_t reads = run_threads(&options, &signals);
	printf("{\"pid\":%d,\"function\":\"%s\",\"clock\":%d,\"path\":\"%s\",\"threads\":%zu,\"reads\":%" PRIu64
	       ",\"ownReads\":{\"clock\":1,\"path\":\"libc\",\"reads\":1}}\n",
	       (int)getpid(), options.function, (int)clock_id, options.path, options.threads, reads);
	return EXIT_SUCCESS;
}

static _Noreturn void usage(const char *option, const char *value)
{
	fprintf(stderr, "workload: cannot use '%s' for %s\n", value, option);
	exit(USAGE);
}

static long long number(const char *option, const char *text)
{
	char *end;
	const long long value = strtoll(text, &end, 10);
	if (end == text || *end != '\0')
		usage(option, text);
	return value;
}

static struct options parse_options(int count, char **texts)
{
	static const struct option known[] = {
		{ "function", required_argument, NULL, 'f' }, { "clock", required_argument, NULL, 'c' },
		{ "path", required_argument, NULL, 'p' },     { "rate", required_argument, NULL, 'r' },
		{ "threads", required_argument, NULL, 't' },  { "count", required_argument, NULL, 'n' },
		{ "seconds", required_argument, NULL, 's' },  { "wait", no_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	struct options options = { .function = "clock_gettime", .path = "libc", .threads = 1 };
	for (int option; (option = getopt_long(count, texts, "", known, NULL)) != -1;) {
		switch (option) {
		case 'f': options.function = optarg; break;
		case 'p': options.path = optarg; break;
		case 'c': clock_id = (clockid_t)number("--clock", optarg); break;
		case 'r': rate = strcmp(optarg, "hot") == 0 ? UINT64_MAX : (uint64_t)number("--rate", optarg); break;
		case 't': options.threads = (size_t)number("--threads", optarg); break;
		case 'n': limit = (uint64_t)number("--count", optarg); break;
		case 's': options.seconds = (unsigned)number("--seconds", optarg); break;
		case 'w': options.wait = true; break;
		default: exit(USAGE);
		}
	}
	if (options.threads > MOST_THREADS)
		usage("--threads", "that many");
	return options;
}

static void (*choose_reader(const struct options *options))(void)
{
	for (size_t f = 0; f < sizeof functions / sizeof functions[0]; f++)
		for (size_t p = 0; p < sizeof paths / sizeof paths[0]; p++)
			if (strcmp(functions[f].name, options->function) == 0 && strcmp(paths[p], options->path) == 0 &&
			    functions[f].by_path[p] != NULL)
				return functions[f].by_path[p];
	usage("--path of this --function", options->path);
}

static sigset_t block_signals(void)
{
	static const int waited_for[] = { SIGTERM, SIGINT, SIGALRM, SIGUSR1 };
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof waited_for / sizeof waited_for[0]; i++)
		sigaddset(&set, waited_for[i]);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	return set;
}

/* Returns at either signal; one that is not to be waited for any more is put back for the next wait. */
static void wait_for(int first, int last, const sigset_t *signals)
{
	int received;
	do
		sigwait(signals, &received);
	while (received != first && received != last && received != SIGINT && received != SIGALRM);
	if (received != first)
		kill(getpid(), received);
}

static uint64_t read_hot(void)
{
	uint64_t reads = 0;
	for (; reads < limit && !atomic_load_explicit(&stopping, memory_order_relaxed); reads++)
		read_once();
	return reads;
}

static uint64_t read_paced(void)
{
	struct timespec until = start;
	uint64_t reads = 0;
	for (uint64_t burst = 1; reads < limit && !atomic_load(&stopping); burst++) {
		const uint64_t due = rate * burst / BURSTS_PER_SECOND;
		for (; reads < due && reads < limit; reads++)
			read_once();
		until.tv_nsec += NS_PER_SECOND / BURSTS_PER_SECOND;
		if (until.tv_nsec >= NS_PER_SECOND) {
			until.tv_nsec -= NS_PER_SECOND;
			until.tv_sec++;
		}
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	}
	return reads;
}

static void *run_reader(void *reads)
{
	*(uint64_t *)reads = rate == UINT64_MAX ? read_hot() : read_paced();
	return NULL;
}

/* Returns the reads of all threads; one whose --count is done ends, the program stays until it is told to go. */
static uint64_t run_threads(const struct options *options, const sigset_t *signals)
{
	static pthread_t threads[MOST_THREADS];
	static uint64_t reads[MOST_THREADS];
	pthread_attr_t small_stack;
	pthread_attr_init(&small_stack);
	pthread_attr_setstacksize(&small_stack, 64 * 1024);
	for (size_t i = 0; i < options->threads; i++)
		if (pthread_create(&threads[i], &small_stack, run_reader, &reads[i]) != 0)
			usage("--threads", "more than the system allows");
	alarm(options->seconds);
	wait_for(SIGTERM, SIGTERM, signals);
	atomic_store(&stopping, true);
	uint64_t all = 0;
	for (size_t i = 0; i < options->threads; i++) {
		pthread_join(threads[i], NULL);
		all += reads[i];
	}
	return all;
}
