#include "cpu-samples.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* A power of two; a page holds 170 samples of 24 bytes. */
enum { DATA_PAGES = 2 };

/* What PERF_SAMPLE_IP | TID puts into a record (perf_event_open(2)). */
struct sample_record {
	struct perf_event_header header;
	uint64_t ip;
	uint32_t pid, tid;
};

struct lost_record {
	struct perf_event_header header;
	uint64_t id, lost;
};

static uint64_t page_bytes(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t data_bytes(void)
{
	return DATA_PAGES * page_bytes();
}

static int32_t open_event(uint32_t tid, uint64_t period_ns, bool with_kernel)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.size = sizeof(attr),
		.sample_period = period_ns,
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID,
		.disabled = 1,
		.exclude_kernel = !with_kernel,
		.exclude_hv = 1,
	};
	long fd = syscall(SYS_perf_event_open, &attr, (pid_t)tid, -1, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int32_t)fd;
}

static int32_t map_ring(struct vt_cpu_sampler *sampler)
{
	void *ring = mmap(NULL, page_bytes() + data_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, sampler->fd, 0);

	if (ring == MAP_FAILED)
		return -errno;
	sampler->ring = (uintptr_t)ring;
	return 0;
}

int32_t vt_cpu_sampler_open(uint32_t tid, uint64_t period_ns, struct vt_cpu_sampler *out)
{
	int32_t result;

	*out = (struct vt_cpu_sampler){ .fd = -1, .tid = tid, .sees_kernel = 1 };
	if (period_ns == 0)
		return -EINVAL;
	out->fd = open_event(tid, period_ns, true);
	if (out->fd == -EACCES || out->fd == -EPERM) {
		out->sees_kernel = 0;
		out->fd = open_event(tid, period_ns, false);
	}
	result = out->fd < 0 ? out->fd : map_ring(out);
	if (result < 0)
		vt_cpu_samplers_close(out, 1);
	return result;
}

int32_t vt_cpu_samplers_run(const struct vt_cpu_sampler *samplers, uint32_t count, uint32_t running, uint64_t period_ns)
{
	for (uint32_t i = 0; i < count; i++) {
		if (samplers[i].fd < 0)
			continue;
		/* A thread that has ended answers errors, and is no longer there to be sampled. */
		if (period_ns != 0)
			ioctl(samplers[i].fd, PERF_EVENT_IOC_PERIOD, &period_ns);
		ioctl(samplers[i].fd, running ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
	}
	return 0;
}

/* From a ring that may wrap. */
static void copy_out(const char *data, uint64_t at, void *to, uint64_t bytes)
{
	const uint64_t begin = at % data_bytes(), first = data_bytes() - begin;

	if (bytes <= first) {
		memcpy(to, data + begin, bytes);
		return;
	}
	memcpy(to, data + begin, first);
	memcpy((char *)to + first, data, bytes - first);
}

static uint32_t mode_of(uint16_t misc)
{
	switch (misc & PERF_RECORD_MISC_CPUMODE_MASK) {
	case PERF_RECORD_MISC_KERNEL: return VT_MODE_KERNEL;
	case PERF_RECORD_MISC_USER: return VT_MODE_USER;
	default: return VT_MODE_OTHER;
	}
}

struct taken {
	struct vt_cpu_sample *samples;
	uint32_t capacity, count;
	uint64_t lost;
};

static void take_record(const char *data, uint64_t at, const struct perf_event_header *header, struct taken *taken)
{
	if (header->type == PERF_RECORD_SAMPLE && header->size >= sizeof(struct sample_record)) {
		struct sample_record record;

		copy_out(data, at, &record, sizeof(record));
		if (taken->count == taken->capacity)
			taken->lost++;
		else
			taken->samples[taken->count++] = (struct vt_cpu_sample){ record.ip, record.tid, mode_of(header->misc) };
	} else if (header->type == PERF_RECORD_LOST && header->size >= sizeof(struct lost_record)) {
		struct lost_record record;

		copy_out(data, at, &record, sizeof(record));
		taken->lost += record.lost;
	}
}

/* A ring whose records make no sense is emptied without being believed. */
static void take_ring(struct perf_event_mmap_page *page, struct taken *taken)
{
	const char *data = (const char *)page + page_bytes();
	const uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
	uint64_t tail = page->data_tail;

	while (head - tail >= sizeof(struct perf_event_header) && head - tail <= data_bytes()) {
		struct perf_event_header header;

		copy_out(data, tail, &header, sizeof(header));
		if (header.size < sizeof(header) || header.size > head - tail)
			break;
		take_record(data, tail, &header, taken);
		tail += header.size;
	}
	__atomic_store_n(&page->data_tail, head, __ATOMIC_RELEASE);
}

int32_t vt_cpu_samplers_read(const struct vt_cpu_sampler *samplers, uint32_t count, struct vt_cpu_sample *samples,
			     uint32_t capacity, uint64_t *lost)
{
	struct taken taken = { .samples = samples, .capacity = capacity };

	for (uint32_t i = 0; i < count; i++)
		if (samplers[i].ring != 0)
			take_ring((struct perf_event_mmap_page *)(uintptr_t)samplers[i].ring, &taken);
	*lost += taken.lost;
	return (int32_t)taken.count;
}

/* The count of a cpu-clock event is that time (kernel/events/core.c, cpu_clock_event_update). */
int32_t vt_cpu_samplers_time(const struct vt_cpu_sampler *samplers, uint32_t count, uint64_t *ns)
{
	for (uint32_t i = 0; i < count; i++)
		if (samplers[i].fd < 0 || read(samplers[i].fd, &ns[i], sizeof(ns[i])) != (ssize_t)sizeof(ns[i]))
			ns[i] = 0;
	return 0;
}

int32_t vt_cpu_samplers_close(struct vt_cpu_sampler *samplers, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (samplers[i].ring != 0)
			munmap((void *)(uintptr_t)samplers[i].ring, page_bytes() + data_bytes());
		if (samplers[i].fd >= 0)
			close(samplers[i].fd);
		samplers[i].ring = 0;
		samplers[i].fd = -1;
	}
	return 0;
}

/* ---- What a sample costs ------------------------------------------------------------------------------------------ */

/* Rounds of some eight samples: short, so that some are not disturbed on a busy machine. */
enum { PRICE_ROUNDS = 25, PRICE_PERIOD_NS = 50000 };
static const uint64_t price_round_ns = 400000;

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t spin(uint64_t turns)
{
	const uint64_t start = monotonic_ns();

	for (uint64_t i = 0; i < turns; i++)
		__asm__ volatile("" : : "r"(i));
	return monotonic_ns() - start;
}

static uint32_t drain(const struct vt_cpu_sampler *sampler)
{
	struct vt_cpu_sample samples[512];
	uint64_t lost = 0;

	return (uint32_t)vt_cpu_samplers_read(sampler, 1, samples, 512, &lost) + (uint32_t)lost;
}

/* The time of a loop that nothing disturbed, as far as so many rounds meet with such a one. */
struct fastest {
	uint64_t ns;
	uint32_t samples;
};

static void take_round(struct fastest *fastest, uint64_t ns, uint32_t samples)
{
	if (fastest->ns == 0 || ns < fastest->ns)
		*fastest = (struct fastest){ ns, samples };
}

int32_t vt_cpu_sampler_price(double *ns)
{
	struct vt_cpu_sampler sampler;
	struct fastest with = { 0 }, without = { 0 };
	uint64_t turns = 100000;
	const int32_t result = vt_cpu_sampler_open((uint32_t)syscall(SYS_gettid), PRICE_PERIOD_NS, &sampler);

	if (result < 0)
		return result;
	turns = turns * price_round_ns / (spin(turns) + 1);
	for (int i = 0; i < PRICE_ROUNDS; i++) {
		uint64_t took;

		take_round(&without, spin(turns), 0);
		drain(&sampler);
		vt_cpu_samplers_run(&sampler, 1, 1, 0);
		took = spin(turns);
		vt_cpu_samplers_run(&sampler, 1, 0, 0);
		take_round(&with, took, drain(&sampler));
	}
	vt_cpu_samplers_close(&sampler, 1);
	if (with.samples == 0 || with.ns <= without.ns)
		return -ENODATA;
	*ns = (double)(with.ns - without.ns) / with.samples;
	return 0;
}

/* ---- Names of the kernel's functions ------------------------------------------------------------------------------ */

static bool matches(const char *name, size_t length, const char *names)
{
	for (const char *line = names; *line != '\0';) {
		const size_t wanted = strcspn(line, "\n");
		const bool prefix = wanted > 0 && line[wanted - 1] == '*';

		if (prefix ? length >= wanted - 1 && memcmp(name, line, wanted - 1) == 0
			   : length == wanted && memcmp(name, line, wanted) == 0)
			return true;
		line += wanted + (line[wanted] == '\n');
	}
	return false;
}

struct ranges {
	struct vt_address_range *list;
	uint32_t capacity, count;
	bool open;   /* the last one has no end yet */
	bool hidden; /* no address but 0 so far */
};

/* "ffffffff81000080 T entry_SYSCALL_64", and a tab with the module's name in brackets behind those of modules. */
static void take_symbol(struct ranges *ranges, const char *line, const char *names)
{
	char *rest;
	const uint64_t address = strtoull(line, &rest, 16);
	const size_t length = rest[0] == ' ' && rest[1] != '\0' && rest[2] == ' ' ? strcspn(rest + 3, "\t\n") : 0;

	if (address == 0 || length == 0 || rest[3 + length] == '\t')
		return;
	ranges->hidden = false;
	if (ranges->open && address > ranges->list[ranges->count - 1].start) {
		ranges->list[ranges->count - 1].end = address;
		ranges->open = false;
	}
	if ((rest[1] != 't' && rest[1] != 'T') || ranges->open || ranges->count == ranges->capacity ||
	    !matches(rest + 3, length, names))
		return;
	ranges->list[ranges->count++] = (struct vt_address_range){ address, address };
	ranges->open = true;
}

int32_t vt_kernel_functions(const char *path, const char *names, struct vt_address_range *list, uint32_t capacity)
{
	struct ranges ranges = { .list = list, .capacity = capacity, .hidden = true };
	char line[1024];
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return -errno;
	while (fgets(line, sizeof(line), file) != NULL)
		take_symbol(&ranges, line, names);
	fclose(file);
	return ranges.hidden ? -ENODATA : (int32_t)ranges.count;
}
