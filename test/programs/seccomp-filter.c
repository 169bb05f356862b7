/* Puts a seccomp filter that allows everything on a second thread only, says so, and waits. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

static void *filtered(void *result)
{
	struct sock_filter allow = { .code = BPF_RET | BPF_K, .k = SECCOMP_RET_ALLOW };
	struct sock_fprog program = { .len = 1, .filter = &allow };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0)
		printf("filtered\n");
	fflush(stdout);
	while (result == NULL)
		pause();
	return result;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, filtered, NULL) != 0)
		return 1;
	for (;;)
		pause();
}
