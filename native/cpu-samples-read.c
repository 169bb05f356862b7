#include <linux/perf_event.h>
#include <stddef.h>
#include <string.h>

#include "cpu-samples-ring.h"
#include "user-frames.h"

enum { FRAME_BYTES = (REGISTER_COUNT + 3) * 8 + VT_CALL_STACK_MIN };

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
	struct vt_call_sample *frame;
	uint64_t room[FRAME_BYTES / 8];
	struct words words;

	if (taken->frame_count == taken->frame_capacity || bytes > sizeof(room))
		return;
	frame = &taken->frames[taken->frame_count];
	words = (struct words){ room, room + bytes / 8 };
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

/* A ring whose records make no sense is emptied without being believed: one sample at the least is lost. */
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
	taken->lost += tail != head;
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
