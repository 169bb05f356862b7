#include "cpu-samples.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "user-frames.h"

/* Powers of two; a page holds 170 samples of 24 bytes, or six with registers and stack. */
enum { DATA_PAGES = 2, FRAME_PAGES = 16, FRAME_BYTES = (REGISTER_COUNT + 3) * 8 + VT_CALL_STACK_MIN };

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

static uint64_t data_bytes(const struct vt_cpu_sampler *sampler)
{
	return (sampler->with_frames ? FRAME_PAGES : DATA_PAGES) * page_bytes();
}

static int32_t open_event(uint32_t tid, uint64_t period_ns, bool with_kernel, bool with_frames)
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
	long fd;

	if (with_frames) {
		attr.sample_type |= PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
		attr.sample_regs_user = REGISTERS;
		attr.sample_stack_user = VT_CALL_STACK_MIN;
	}
	fd = syscall(SYS_perf_event_open, &attr, (pid_t)tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : (int32_t)fd;
}

static int32_t map_ring(struct vt_cpu_sampler *sampler)
{
	void *ring = mmap(NULL, page_bytes() + data_bytes(sampler), PROT_READ | PROT_WRITE, MAP_SHARED, sampler->fd, 0);

	if (ring == MAP_FAILED)
		return -errno;
	sampler->ring = (uintptr_t)ring;
	return 0;
}

int32_t vt_cpu_sampler_open(uint32_t tid, uint64_t period_ns, uint32_t with_frames, struct vt_cpu_sampler *out)
{
	int32_t result;

	*out = (struct vt_cpu_sampler){ .fd = -1, .tid = tid, .sees_kernel = 1, .with_frames = with_frames != 0 };
	if (period_ns == 0)
		return -EINVAL;
	if (with_frames && REGISTER_COUNT == 0)
		return -ENOTSUP;
	out->fd = open_event(tid, period_ns, true, with_frames);
	if (out->fd == -EACCES || out->fd == -EPERM) {
		out->sees_kernel = 0;
		out->fd = open_event(tid, period_ns, false, with_frames);
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

struct ring {
	const char *data;
	uint64_t bytes;
};

/* From a ring that may wrap. */
static void copy_out(const struct ring *ring, uint64_t at, void *to, uint64_t bytes)
{
	const uint64_t begin = at % ring->bytes, first = ring->bytes - begin;
	const char *data = ring->data;

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
	const struct vt_address_range *code;
	struct vt_call_sample *frames;
	uint32_t frame_capacity, frame_count;
};

/* What stands behind the fixed part of a record: registers and stack. */
static void take_frame(const struct ring *ring, uint64_t at, const struct perf_event_header *header, uint32_t tid,
		       struct taken *taken)
{
	const uint64_t bytes = header->size - sizeof(struct sample_record);
	struct vt_call_sample *frame = &taken->frames[taken->frame_count];
	uint64_t room[FRAME_BYTES / 8];
	struct words words = { room, room + bytes / 8 };

	if (taken->frame_count == taken->frame_capacity || bytes > sizeof(room))
		return;
	copy_out(ring, at + sizeof(struct sample_record), room, bytes);
	memset(frame, 0, offsetof(struct vt_call_sample, stack));
	frame->event = tid;
	if (!take_registers(&words, frame))
		return;
	take_stack(&words, frame);
	taken->frame_count++;
}

static void take_sample(const struct ring *ring, uint64_t at, const struct perf_event_header *header, struct taken *taken)
{
	const uint32_t mode = mode_of(header->misc);
	struct sample_record record;

	copy_out(ring, at, &record, sizeof(record));
	if (taken->count == taken->capacity) {
		taken->lost++;
		return;
	}
	taken->samples[taken->count++] = (struct vt_cpu_sample){ record.ip, record.tid, mode };
	if (taken->code != NULL && mode == VT_MODE_USER && record.ip >= taken->code->start && record.ip < taken->code->end)
		take_frame(ring, at, header, record.tid, taken);
}

static void take_record(const struct ring *ring, uint64_t at, const struct perf_event_header *header, struct taken *taken)
{
	if (header->type == PERF_RECORD_SAMPLE && header->size >= sizeof(struct sample_record)) {
		take_sample(ring, at, header, taken);
	} else if (header->type == PERF_RECORD_LOST && header->size >= sizeof(struct lost_record)) {
		struct lost_record record;

		copy_out(ring, at, &record, sizeof(record));
		taken->lost += record.lost;
	}
}

/* A ring whose records make no sense is emptied without being believed. */
static void take_ring(const struct vt_cpu_sampler *sampler, struct taken *taken)
{
	struct perf_event_mmap_page *page = (void *)(uintptr_t)sampler->ring;
	const struct ring ring = { (const char *)page + page_bytes(), data_bytes(sampler) };
	const uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
	uint64_t tail = page->data_tail;

	while (head - tail >= sizeof(struct perf_event_header) && head - tail <= ring.bytes) {
		struct perf_event_header header;

		copy_out(&ring, tail, &header, sizeof(header));
		if (header.size < sizeof(header) || header.size > head - tail)
			break;
		take_record(&ring, tail, &header, taken);
		tail += header.size;
	}
	__atomic_store_n(&page->data_tail, head, __ATOMIC_RELEASE);
}

int32_t vt_cpu_samplers_read(const struct vt_cpu_sampler *samplers, uint32_t count, struct vt_cpu_sample *samples,
			     uint32_t capacity, uint64_t *lost, const struct vt_address_range *code,
			     struct vt_call_sample *frames, uint32_t frame_capacity, uint32_t *frame_count)
{
	struct taken taken = { .samples = samples, .capacity = capacity, .code = code, .frames = frames,
			       .frame_capacity = frame_capacity };

	for (uint32_t i = 0; i < count; i++)
		if (samplers[i].ring != 0)
			take_ring(&samplers[i], &taken);
	*lost += taken.lost;
	if (frame_count != NULL)
		*frame_count = taken.frame_count;
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
			munmap((void *)(uintptr_t)samplers[i].ring, page_bytes() + data_bytes(&samplers[i]));
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

	return (uint32_t)vt_cpu_samplers_read(sampler, 1, samples, 512, &lost, NULL, NULL, 0, NULL) + (uint32_t)lost;
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

int32_t vt_cpu_sampler_price(uint32_t with_frames, double *ns)
{
	struct vt_cpu_sampler sampler;
	struct fastest with = { 0 }, without = { 0 };
	uint64_t turns = 100000;
	const int32_t result = vt_cpu_sampler_open((uint32_t)syscall(SYS_gettid), PRICE_PERIOD_NS, with_frames, &sampler);

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

typedef int clock_function(clockid_t clock, struct timespec *out);

int32_t vt_call_clock(uint64_t address, int32_t hidden_id, uint32_t calls)
{
	clock_function *const call = (clock_function *)(uintptr_t)address;
	volatile int32_t hidden = hidden_id;
	struct timespec now;

	if (address == 0)
		return -EINVAL;
	for (uint32_t i = 0; i < calls; i++)
		call(hidden ^ VT_HIDDEN_ID, &now);
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
