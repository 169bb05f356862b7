/*
 * vdsotop-demo: a workload whose clock reads are known. Three threads, each with its rate:
 *
 *   fast-monotonic   CLOCK_MONOTONIC through libc; the vDSO answers
 *   slow-cputime     CLOCK_THREAD_CPUTIME_ID through libc; no vDSO can answer, so each read enters the kernel
 *   direct-realtime  CLOCK_REALTIME by syscall(2), past a vDSO that would have answered
 *
 * It runs until SIGTERM, SIGINT or SIGHUP, the end of --seconds, or the death of its parent, and then prints one line
 * of JSON: how often each thread read its clock, exactly. Beside these it reads CLOCK_MONOTONIC once through libc, to
 * have a moment to sleep until, and says so in "ownReads".
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
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

/* Bursts this often: short enough to look steady, long enough that waking up costs next to nothing. */
enum { BURSTS_PER_SECOND = 100, NS_PER_SECOND = 1000000000, MAX_RATE = 10000000, USAGE = 2 };

struct reader {
	const char *name;
	const char *clock;
	const char *path;
	void (*read)(void);
	uint64_t rate;
	uint64_t reads;
	const struct timespec *start;
	pthread_t thread;
};

struct options {
	unsigned seconds; /* 0 for no end */
	pid_t parent;
};

static atomic_bool stopping;

static void read_monotonic(void);
static void read_thread_cputime(void);
static void read_realtime_by_syscall(void);
static struct options parse_options(int count, char **texts, struct reader *readers);
static void end_with_parent(pid_t parent);
static sigset_t block_ending_signals(void);
static void start(struct reader *reader, const struct timespec *at);
static void wait_for_end(unsigned seconds, const sigset_t *ending);
static void print_counts(const struct reader *readers, size_t count);
static _Noreturn void fail(const char *what, const char *why, int code);

int main(int count, char **texts)
{
	struct reader readers[] = {
		{ .name = "fast-monotonic", .clock = "MONOTONIC", .path = "libc", .read = read_monotonic, .rate = 50000 },
		{ .name = "slow-cputime", .clock = "THREAD_CPUTIME_ID", .path = "libc", .read = read_thread_cputime, .rate = 20000 },
		{ .name = "direct-realtime", .clock = "REALTIME", .path = "syscall", .read = read_realtime_by_syscall, .rate = 10000 },
	};
	const size_t readers_count = sizeof readers / sizeof readers[0];
	const struct options options = parse_options(count, texts, readers);
	const sigset_t ending = block_ending_signals();
	end_with_parent(options.parent);

	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	for (size_t i = 0; i < readers_count; i++)
		start(&readers[i], &now);
	wait_for_end(options.seconds, &ending);
	atomic_store(&stopping, true);
	for (size_t i = 0; i < readers_count; i++)
		pthread_join(readers[i].thread, NULL);
	print_counts(readers, readers_count);
	return EXIT_SUCCESS;
}

static void read_monotonic(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
}

static void read_thread_cputime(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
}

static void read_realtime_by_syscall(void)
{
	struct timespec now;
	syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
}

static uint64_t parse_number(const char *what, const char *text, uint64_t most)
{
	char *end;
	errno = 0;
	const unsigned long long number = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || *text < '0' || *text > '9' || number > most) {
		fprintf(stderr, "vdsotop-demo: %s: expected a whole number from 0 to %" PRIu64 ", got '%s'\n", what, most, text);
		exit(USAGE);
	}
	return number;
}

/* Fills in the rates; the parent is whoever it is now, unless it is named. */
static struct options parse_options(int count, char **texts, struct reader *readers)
{
	static const struct option known[] = {
		{ "rate-monotonic", required_argument, NULL, 0 },
		{ "rate-thread-cputime", required_argument, NULL, 1 },
		{ "rate-realtime", required_argument, NULL, 2 },
		{ "seconds", required_argument, NULL, 's' },
		{ "parent", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	struct options options = { .seconds = 0, .parent = getppid() };
	for (int option; (option = getopt_long(count, texts, "", known, NULL)) != -1;) {
		if (option == 's')
			options.seconds = (unsigned)parse_number("--seconds", optarg, 1000000);
		else if (option == 'p')
			options.parent = (pid_t)parse_number("--parent", optarg, INT32_MAX);
		else if (option <= 2)
			readers[option].rate = parse_number("a rate", optarg, MAX_RATE);
		else
			exit(USAGE);
	}
	if (optind < count)
		fail("unexpected argument", texts[optind], USAGE);
	return options;
}

/*
 * A parent that died before prctl() sends no signal any more, but then we have been given another one. Only a caller
 * that passes --parent is safe from dying even before main() asks for its pid.
 */
static void end_with_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		exit(EXIT_SUCCESS);
}

/* Threads inherit the mask, so only sigwait() in main ever sees them. */
static sigset_t block_ending_signals(void)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGALRM };
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		sigaddset(&set, signals[i]);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	return set;
}

static void *run_reader(void *argument);

static void start(struct reader *reader, const struct timespec *at)
{
	reader->start = at;
	const int error = pthread_create(&reader->thread, NULL, run_reader, reader);
	if (error != 0)
		fail("cannot start a thread", strerror(error), EXIT_FAILURE);
}

/* Sleeps until fixed moments and then makes up the reads that are due, so that the rate holds however late it wakes. */
static void *run_reader(void *argument)
{
	struct reader *reader = argument;
	struct timespec until = *reader->start;
	prctl(PR_SET_NAME, reader->name);
	for (uint64_t burst = 1; reader->rate > 0 && !atomic_load(&stopping); burst++) {
		const uint64_t due = reader->rate * burst / BURSTS_PER_SECOND;
		for (; reader->reads < due; reader->reads++)
			reader->read();
		until.tv_nsec += NS_PER_SECOND / BURSTS_PER_SECOND;
		if (until.tv_nsec >= NS_PER_SECOND) {
			until.tv_nsec -= NS_PER_SECOND;
			until.tv_sec++;
		}
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	}
	return NULL;
}

/* An alarm rather than a timed wait: it survives being stopped and continued, and reads no clock. */
static void wait_for_end(unsigned seconds, const sigset_t *ending)
{
	int received;
	alarm(seconds);
	sigwait(ending, &received);
}

static void print_counts(const struct reader *readers, size_t count)
{
	printf("{\"pid\":%d,\"reads\":[", (int)getpid());
	for (size_t i = 0; i < count; i++)
		printf("%s{\"thread\":\"%s\",\"clock\":\"%s\",\"path\":\"%s\",\"ratePerSecond\":%" PRIu64 ",\"reads\":%" PRIu64 "}",
		       i > 0 ? "," : "", readers[i].name, readers[i].clock, readers[i].path, readers[i].rate, readers[i].reads);
	printf("],\"ownReads\":[{\"clock\":\"MONOTONIC\",\"path\":\"libc\",\"reads\":1}]}\n");
}

static _Noreturn void fail(const char *what, const char *why, int code)
{
	fprintf(stderr, "vdsotop-demo: %s: %s\n", what, why);
	exit(code);
}
