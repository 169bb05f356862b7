#include "selftest.h"

#include <stdarg.h>
#include <stdio.h>

static int checks, failures;

bool check(bool passed, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("%s ", passed ? "ok    " : "FAILED");
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
	checks++;
	failures += !passed;
	return passed;
}

void skip(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("skip   ");
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
}

static const struct {
	const char *name;
	void (*run)(void);
} groups[] = {
	{ "vDSO", test_vdso },
	{ "hostile vDSO images", test_hostile_vdso },
	{ "sampler", test_sampler },
	{ "clock page", test_clock_page },
	{ "clock readings", test_clock_readings },
	{ "CPU", test_cpu },
	{ "BPF of others", test_task_fd_query },
	{ "BPF links", test_bpf_links },
	{ "CPU samples", test_cpu_samples },
	{ "hostile rings of CPU samples", test_hostile_cpu_ring },
	{ "hostile symbols of the kernel", test_hostile_kernel_functions },
	{ "kernel entries by BPF", test_entries },
	{ "kernel entries by perf counters", test_perf_entries },
	{ "samples of calls", test_call_samples },
	{ "hostile rings of samples", test_hostile_call_ring },
};

int main(void)
{
	for (unsigned i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		printf("# %s\n", groups[i].name);
		groups[i].run();
		fflush(stdout);
	}
	printf("%d checks, %d failed\n", checks, failures);
	return failures != 0;
}
