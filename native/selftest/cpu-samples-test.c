#include "../cpu-samples.h"
#include "selftest.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PERIOD_NS = 1000003, ROOM = 256 };

static uint64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void burn(uint64_t ns)
{
	for (const uint64_t until = cpu_ns() + ns; cpu_ns() < until;)
		;
}

static void test_sampling(void)
{
	struct vt_cpu_sampler sampler;
	struct vt_cpu_sample samples[ROOM];
	uint64_t lost = 0, ran = 0;
	const uint32_t own = (uint32_t)syscall(SYS_gettid);
	int32_t result = vt_cpu_sampler_open(own, PERIOD_NS, 0, &sampler);
	int count, ours = 0, kernel = 0;

	if (result == -EACCES || result == -EPERM) {
		skip("CPU samples: not permitted here");
		return;
	}
	if (!check(result == 0, "a sampler opens on our own thread (%d)", result))
		return;
	burn(5000000);
	check(vt_cpu_samplers_read(&sampler, 1, samples, ROOM, &lost, NULL, NULL, 0, NULL) == 0, "a sampler that was not started takes nothing");
	vt_cpu_samplers_run(&sampler, 1, 1, 0);
	burn(50000000);
	vt_cpu_samplers_run(&sampler, 1, 0, 0);
	count = vt_cpu_samplers_read(&sampler, 1, samples, ROOM, &lost, NULL, NULL, 0, NULL);
	for (int i = 0; i < count; i++) {
		ours += samples[i].tid == own;
		kernel += samples[i].mode == VT_MODE_KERNEL;
	}
	check(count > 20 && count < 100, "50 ms at one sample each ms are some 50 samples (%d)", count);
	check(ours == count && lost == 0, "all of them of our thread, none lost");
	check(!sampler.sees_kernel || kernel > 0, "reading a CPU clock is seen in the kernel (%d)", kernel);
	vt_cpu_samplers_time(&sampler, 1, &ran);
	check(ran > 45000000 && ran < 500000000, "the time it ran is told (%llu ns)", (unsigned long long)ran);
	burn(5000000);
	check(vt_cpu_samplers_read(&sampler, 1, samples, ROOM, &lost, NULL, NULL, 0, NULL) == 0, "a stopped one takes nothing more");
	vt_cpu_samplers_run(&sampler, 1, 1, 50000);
	burn(100000000);
	vt_cpu_samplers_run(&sampler, 1, 0, 0);
	count = vt_cpu_samplers_read(&sampler, 1, samples, 100, &lost, NULL, NULL, 0, NULL);
	check(count == 100 && lost > 0, "what finds no room is counted as lost (%llu)", (unsigned long long)lost);
	vt_cpu_samplers_close(&sampler, 1);
	vt_cpu_samplers_close(&sampler, 1);
	check(sampler.fd == -1 && vt_cpu_samplers_read(&sampler, 1, samples, ROOM, &lost, NULL, NULL, 0, NULL) == 0, "a closed one is harmless");
}

static void test_frames(void)
{
	struct vt_vdso_symbol symbols[64];
	struct vt_vdso_image image;
	struct vt_cpu_sampler sampler;
	struct vt_cpu_sample samples[ROOM];
	struct vt_call_sample *frames = malloc(ROOM * sizeof(*frames));
	uint64_t address = 0, lost = 0;
	uint32_t count = 0, whole = 0;

	if (vt_vdso_own(&image, symbols, 64) == 0)
		for (uint32_t i = 0; i < image.symbol_count; i++)
			if (strstr(symbols[i].name, "_clock_gettime") != NULL)
				address = image.base + symbols[i].offset;
	if (address == 0 || vt_cpu_sampler_open((uint32_t)syscall(SYS_gettid), 100003, 1, &sampler) != 0) {
		skip("frames of CPU samples: no vDSO, or not permitted here");
		free(frames);
		return;
	}
	const struct vt_address_range code = { image.base, image.base + image.size_bytes };

	check(vt_call_clock(0, 1, 1) == -EINVAL, "no clock is called at no address");
	vt_cpu_samplers_run(&sampler, 1, 1, 0);
	vt_call_clock(address, CLOCK_BOOTTIME ^ VT_HIDDEN_ID, 400000);
	vt_cpu_samplers_run(&sampler, 1, 0, 0);
	vt_cpu_samplers_read(&sampler, 1, samples, ROOM, &lost, &code, frames, ROOM, &count);
	for (uint32_t i = 0; i < count; i++)
		whole += frames[i].stack_bytes == VT_CALL_STACK_MIN && frames[i].bits == 64;
	check(count > 0 && whole == count, "a loop of calls is sampled in the vDSO, with registers and stack (%u)", count);
	vt_call_clock(address, CLOCK_BOOTTIME ^ VT_HIDDEN_ID, 1000);
	vt_cpu_samplers_read(&sampler, 1, samples, ROOM, &lost, &code, frames, 0, &count);
	check(count == 0, "no frame is written where there is no room");
	vt_cpu_samplers_close(&sampler, 1);
	free(frames);
}

static void test_price(void)
{
	double ns[5] = { 0 };
	const int32_t result = vt_cpu_sampler_price(0, ns, 4);

	check(result == -EACCES || result == -EPERM || (result >= 0 && result <= 4), "up to four samples are priced (%d)", result);
	for (int32_t i = 0; i < result; i++)
		check(ns[i] > 100 && ns[i] < 100000000, "a sample has a price (%.0f ns)", ns[i]);
	check(ns[4] == 0, "no more than there is room for");
}

static void test_names(void)
{
	static const char text[] = "ffffffff81000000 T _stext\n"
				   "ffffffff81000080 T entry_SYSCALL_64\n"
				   "ffffffff81000080 T __alias\n"
				   "ffffffff810000ac T entry_SYSCALL_64_safe_stack\n"
				   "ffffffff810000ba t ktime_get_raw\n"
				   "ffffffff81000100 D ktime_get_data\n"
				   "nonsense\n"
				   "ffffffffc0000000 t ktime_get_of_module\t[module]\n";
	static const char names[] = "entry_SYSCALL_64\nktime_get*";
	struct vt_address_range ranges[4];
	char path[] = "/tmp/vdsotop-kallsyms-XXXXXX";
	const int fd = mkstemp(path);
	int32_t count;

	if (!check(fd >= 0 && write(fd, text, sizeof(text) - 1) > 0, "a file of symbols can be written"))
		return;
	count = vt_kernel_functions(path, names, ranges, 4);
	check(count == 2, "names and prefixes are found, data and modules left out (%d)", count);
	check(count == 2 && ranges[0].start == 0xffffffff81000080 && ranges[0].end == 0xffffffff810000ac,
	      "a function ends where the next address begins, aliases aside");
	check(count == 2 && ranges[1].start == 0xffffffff810000ba && ranges[1].end == 0xffffffff81000100, "the last one too");
	check(vt_kernel_functions(path, names, ranges, 1) == 1, "no more than there is room for");
	if (ftruncate(fd, 0) == 0 && pwrite(fd, "0000000000000000 T entry_SYSCALL_64\n", 36, 0) > 0)
		check(vt_kernel_functions(path, names, ranges, 4) == -ENODATA, "hidden addresses are said to be so");
	close(fd);
	unlink(path);
	check(vt_kernel_functions(path, names, ranges, 4) == -ENOENT, "a missing file is an error");
}

void test_cpu_samples(void)
{
	struct vt_cpu_sampler sampler;

	check(vt_cpu_sampler_open(1, 0, 0, &sampler) == -EINVAL, "a period of 0 is refused");
	check(vt_cpu_sampler_open(0x7ffffffe, PERIOD_NS, 0, &sampler) == -ESRCH && sampler.fd == -1, "no such thread");
	test_sampling();
	test_frames();
	test_price();
	test_names();
}
