/*
 * Calls clock_gettime(CLOCK_MONOTONIC) through libc and counts its calls exactly, for the benchmark of estimated rates:
 *
 *   fast-rate RATE SHAPE [THREADS]      RATE calls a second, of all threads together
 *
 *   SHAPE  paced:  evenly spaced; asleep in between up to 2,000/s a thread, spinning on the counter register above
 *          bursty: a hundred bursts a second, asleep in between
 *          hot:    a loop without a pause, with so much arithmetic between two calls as makes it that rate
 *
 * Each line of input is answered by "CALLS NS": the calls so far and the time, CLOCK_MONOTONIC. Ends with its input.
 * The rate is met roughly, the count is exact. Pacing reads no clock through libc.
 */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MOST_THREADS = 64, BURSTS_PER_SECOND = 100, MOST_SLEEPS_PER_SECOND = 2000, USAGE = 2 };

struct worker {
	_Alignas(128) atomic_uint_fast64_t calls;
	double rate;
};

static struct worker workers[MOST_THREADS];
static volatile uint64_t sink;

static uint64_t now_ns(void)
{
	struct timespec now;
	/* Past libc and the vDSO: it is none of the calls that are counted. */
	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t counter(void)
{
#if defined(__x86_64__) || defined(__i386__)
	return __builtin_ia32_rdtsc();
#else
	uint64_t value;
	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(value));
	return value;
#endif
}

static void call(struct worker *worker)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	atomic_store_explicit(&worker->calls, atomic_load_explicit(&worker->calls, memory_order_relaxed) + 1,
			      memory_order_relaxed);
}

static void sleep_until(uint64_t ns)
{
	const struct timespec until = { .tv_sec = (time_t)(ns / 1000000000u), .tv_nsec = (long)(ns % 1000000000u) };
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static _Noreturn void run_asleep(struct worker *worker, double wakings)
{
	const uint64_t start = now_ns();
	double due = 0;
	for (uint64_t waking = 1;; waking++) {
		for (due += worker->rate / wakings; due >= 1; due--)
			call(worker);
		sleep_until(start + (uint64_t)(1e9 / wakings * (double)waking));
	}
}

static _Noreturn void run_spinning(struct worker *worker)
{
	const uint64_t start_ns = now_ns(), start = counter();
	while (now_ns() - start_ns < 20000000)
		;
	const double ticks = (double)(counter() - start) * 1e9 / (double)(now_ns() - start_ns) / worker->rate;
	double next = (double)counter();
	for (;;) {
		while ((double)counter() < next)
			;
		call(worker);
		next += ticks;
		/* What was missed while another had the CPU is not caught up with. */
		if ((double)counter() > next + 100 * ticks)
			next = (double)counter();
	}
}

static void work(uint64_t turns)
{
	uint64_t value = sink;
	for (uint64_t i = 0; i < turns; i++)
		value = value * 6364136223846793005u + 1442695040888963407u;
	sink = value;
}

/* Of the fastest of some rounds: on a busy machine most are disturbed. */
static double turn_ns(uint64_t calls, uint64_t turns)
{
	static struct worker unwatched;
	double fastest = 0;
	for (int round = 0; round < 10; round++) {
		const uint64_t start = now_ns();
		for (uint64_t i = 0; i < calls; i++) {
			work(turns);
			call(&unwatched);
		}
		const double took = (double)(now_ns() - start) / (double)calls;
		fastest = fastest == 0 || took < fastest ? took : fastest;
	}
	return fastest;
}

static _Noreturn void run_hot(struct worker *worker)
{
	const double least = turn_ns(20000, 0), with = turn_ns(1000, 1000), wanted = 1e9 / worker->rate;
	const uint64_t turns = wanted > least ? (uint64_t)((wanted - least) * 1000 / (with - least)) : 0;
	for (;;) {
		work(turns);
		call(worker);
	}
}

static const char *shape;

static void *run(void *of)
{
	struct worker *worker = of;
	prctl(PR_SET_TIMERSLACK, 1);
	if (strcmp(shape, "hot") == 0)
		run_hot(worker);
	if (strcmp(shape, "bursty") == 0)
		run_asleep(worker, BURSTS_PER_SECOND);
	if (strcmp(shape, "paced") == 0 && worker->rate > MOST_SLEEPS_PER_SECOND)
		run_spinning(worker);
	if (strcmp(shape, "paced") == 0)
		run_asleep(worker, worker->rate);
	exit(USAGE);
}

int main(int count, char **texts)
{
	char line[16];
	pthread_t thread;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	const int threads = count > 3 ? atoi(texts[3]) : 1;
	if (count < 3 || threads < 1 || threads > MOST_THREADS || atof(texts[1]) <= 0) {
		fprintf(stderr, "usage: fast-rate RATE paced|bursty|hot [THREADS]\n");
		return USAGE;
	}
	shape = texts[2];
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 0; i < threads; i++) {
		workers[i].rate = atof(texts[1]) / threads;
		if (pthread_create(&thread, NULL, run, &workers[i]) != 0)
			return USAGE;
	}
	while (fgets(line, sizeof line, stdin) != NULL) {
		uint64_t calls = 0;
		for (int i = 0; i < threads; i++)
			calls += atomic_load(&workers[i].calls);
		printf("%" PRIu64 " %" PRIu64 "\n", calls, now_ns());
	}
	return EXIT_SUCCESS;
}
