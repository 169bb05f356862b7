/* Loads a library when a line comes on standard input, as a launcher loads its runtime. Linked with -ldl. */
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char line[16];

	printf("ready\n");
	fflush(stdout);
	if (argc < 2 || fgets(line, sizeof(line), stdin) == NULL)
		return 1;
	if (dlopen(argv[1], RTLD_NOW) == NULL)
		return 2;
	printf("loaded\n");
	fflush(stdout);
	return pause();
}
