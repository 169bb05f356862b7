/*
 * A master that reads no clock, and workers that it forks:
 *
 *   prefork [--stay] WORKER...
 *
 *   WORKER  NAME:CLOCK:PATH:RATE, such as web:7:libc:2000. PATH: libc, by serve_libc(); syscall, libc's syscall() by
 *           serve_syscall(); inline, the instruction in serve_inline(). RATE: reads a second, or hot. Or NAME:exec:PROGRAM
 *           ARGUMENT..., which becomes that program.
 *
 * Prints the pid of each worker, a line each in their order. On standard input '+WORKER' forks another and prints its pid,
 * '-PID' ends one and prints its pid when it is gone, '!PID PROGRAM ARGUMENT...' has one become another program. The end of
 * the input ends all, unless --stay is said. Paces itself without reading a clock but once.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SERVE __attribute__((noinline, noclone)) static void

enum { MOST_WORKERS = 256, BURSTS_PER_SECOND = 250, NS_PER_SECOND = 1000000000, MOST_TEXT = 512, MOST_WORDS = 16, USAGE = 2 };

static pid_t workers[MOST_WORKERS];
static int doors[MOST_WORKERS], count;

SERVE serve_libc(long clock, void *into)
{
	clock_gettime((clockid_t)clock, into);
	__asm__ volatile("" : : "r"(into) : "memory");
}

SERVE serve_syscall(long clock, void *into)
{
	syscall(SYS_clock_gettime, clock, into);
	__asm__ volatile("" : : "r"(into) : "memory");
}

SERVE serve_inline(long clock, void *into)
{
#if defined(__x86_64__)
	long answer = SYS_clock_gettime;

	__asm__ volatile("syscall" : "+a"(answer) : "D"(clock), "S"(into) : "rcx", "r11", "memory");
#else
	serve_syscall(clock, into);
#endif
}

static _Noreturn void refuse(const char *text)
{
	fprintf(stderr, "prefork: cannot use '%s'\n", text);
	exit(USAGE);
}

static _Noreturn void become(char *text)
{
	char *words[MOST_WORDS] = { 0 };
	int at = 0;

	for (char *word = strtok(text, " "); word != NULL && at < MOST_WORDS - 1; word = strtok(NULL, " "))
		words[at++] = word;
	if (at > 0)
		execv(words[0], words);
	refuse(at > 0 ? words[0] : "nothing");
}

/* What to become comes through the door; it is looked at between bursts. */
static void look(int door)
{
	char text[MOST_TEXT];
	const ssize_t length = read(door, text, sizeof text - 1);

	if (length <= 0)
		return;
	text[length] = '\0';
	become(text);
}

static _Noreturn void work(char *text, int door, pid_t master)
{
	char name[16], path[16], rate_text[32];
	long clock;
	int rest = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The master may have ended before this was asked for. */
	if (getppid() != master)
		_exit(0);
	if (sscanf(text, "%15[^:]:exec:%n", name, &rest) == 1 && rest > 0) {
		prctl(PR_SET_NAME, name);
		become(text + rest);
	}
	if (sscanf(text, "%15[^:]:%ld:%15[^:]:%31s", name, &clock, path, rate_text) != 4)
		refuse(text);
	prctl(PR_SET_NAME, name);
	void (*const serve)(long, void *) = strcmp(path, "libc") == 0	 ? serve_libc
					    : strcmp(path, "inline") == 0 ? serve_inline
									  : serve_syscall;
	const bool hot = strcmp(rate_text, "hot") == 0;
	const uint64_t rate = hot ? 0 : strtoull(rate_text, NULL, 10);
	struct timespec until;
	uint64_t done = 0;
	static long result[8];

	clock_gettime(CLOCK_MONOTONIC, &until);
	for (uint64_t burst = 1;; burst++) {
		const uint64_t due = hot ? done + 100000 : rate * burst / BURSTS_PER_SECOND;

		for (; done < due; done++)
			serve(clock, result);
		if (hot ? burst % 64 == 0 : true)
			look(door);
		if (hot)
			continue;
		until.tv_nsec += NS_PER_SECOND / BURSTS_PER_SECOND;
		if (until.tv_nsec >= NS_PER_SECOND) {
			until.tv_nsec -= NS_PER_SECOND;
			until.tv_sec++;
		}
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	}
}

static void fork_worker(char *text)
{
	int ends[2];

	if (count == MOST_WORKERS || pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
		refuse("so many workers");
	const pid_t master = getpid(), pid = fork();

	if (pid == 0)
		work(text, ends[0], master);
	if (pid < 0)
		refuse("fork");
	close(ends[0]);
	workers[count] = pid;
	doors[count++] = ends[1];
	printf("%d\n", (int)pid);
	fflush(stdout);
}

static void obey(char *line)
{
	line[strcspn(line, "\n")] = '\0';
	if (line[0] == '+') {
		fork_worker(line + 1);
		return;
	}
	char *rest;
	const pid_t pid = (pid_t)strtol(line + 1, &rest, 10);

	for (int i = 0; i < count; i++) {
		if (workers[i] != pid)
			continue;
		if (line[0] == '!' && write(doors[i], rest, strlen(rest)) < 0)
			refuse(rest);
		if (line[0] == '-') {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
		printf("%d\n", (int)pid);
		fflush(stdout);
	}
}

int main(int arguments, char **texts)
{
	char line[MOST_TEXT];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	const bool stays = arguments > 1 && strcmp(texts[1], "--stay") == 0;

	for (int i = stays ? 2 : 1; i < arguments; i++)
		fork_worker(texts[i]);
	while (fgets(line, sizeof line, stdin) != NULL)
		obey(line);
	while (stays)
		pause();
	for (int i = 0; i < count; i++)
		kill(workers[i], SIGKILL);
	for (int i = 0; i < count; i++)
		waitpid(workers[i], NULL, 0);
	return 0;
}
