/* Takes the name given as its argument, as any program may. */
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 2 || prctl(PR_SET_NAME, argv[1]) != 0)
		return 1;
	printf("renamed\n");
	fflush(stdout);
	for (;;)
		pause();
}
