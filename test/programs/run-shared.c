/*
 * A program whose code lies where the loader puts libraries, beside libc and the vDSO, and not where it puts programs:
 *
 *   run-shared OBJECT [ARGUMENT …]      runs main() of a shared object; exits as it does
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

enum { USAGE = 2 };

int main(int count, char **texts)
{
	int (*run)(int, char **) = NULL;
	void *object = count < 2 ? NULL : dlopen(texts[1], RTLD_NOW);
	void *found = object == NULL ? NULL : dlsym(object, "main");

	if (found == NULL) {
		fprintf(stderr, "run-shared: %s\n", count < 2 ? "expected: OBJECT [ARGUMENT …]" : dlerror());
		return USAGE;
	}
	memcpy(&run, &found, sizeof run);
	return run(count - 1, texts + 1);
}
