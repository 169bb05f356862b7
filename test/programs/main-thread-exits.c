/* The main thread exits and another one goes on: the process lives, its own /proc files speak of a zombie. */
#include <pthread.h>
#include <unistd.h>

static void *go_on(void *result)
{
	while (result == NULL)
		pause();
	return result;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, go_on, NULL) != 0)
		return 1;
	pthread_exit(NULL);
}
