#include "../cpu-samples-ring.h"
#include "selftest.h"

#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ROUNDS = 2000, ROOM = 64 };

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static struct perf_event_header make_header(uint32_t *random)
{
	return (struct perf_event_header){
		.type = next_random(random) % 4 == 0 ? 1 + next_random(random) % 10 : PERF_RECORD_SAMPLE,
		.misc = (uint16_t)(next_random(random) % 4),
		.size = (uint16_t)(next_random(random) % (next_random(random) % 16 == 0 ? 65536 : 800)),
	};
}

/* Nonsense, and from `tail` on some plausible headers, each where the one before says that it ends. */
static void fill(char *data, uint64_t bytes, uint64_t tail, uint32_t *random)
{
	for (uint64_t at = 0; at + 8 <= bytes; at += 8) {
		const uint64_t word = (uint64_t)next_random(random) << 40 | next_random(random) % 16;

		memcpy(data + at, &word, sizeof(word));
	}
	for (int left = 1 + (int)(next_random(random) % 30); left > 0; left--) {
		const struct perf_event_header header = make_header(random);

		if (tail % bytes + sizeof(header) <= bytes)
			memcpy(data + tail % bytes, &header, sizeof(header));
		tail += header.size;
	}
}

/* Rings that no kernel writes: whatever they claim, reading them ends, and stays inside what the caller gave. */
void test_hostile_cpu_ring(void)
{
	struct vt_cpu_sampler sampler = { .fd = -1, .with_frames = 1 };
	const uint64_t bytes = data_bytes(&sampler);
	struct perf_event_mmap_page *page =
		mmap(NULL, page_bytes() + bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct vt_cpu_sample *samples = malloc(ROOM * sizeof(*samples));
	struct vt_call_sample *frames = malloc(ROOM * sizeof(*frames));
	const struct vt_address_range everything = { 0, UINT64_MAX };
	uint32_t random = 4711, taken = 0, framed = 0;
	bool bounded = page != MAP_FAILED, emptied = true;

	sampler.ring = (uintptr_t)page;
	for (int round = 0; round < ROUNDS && bounded; round++) {
		const uint64_t claim = round % 5 == 0 ? UINT64_MAX / 3 : next_random(&random) % (bytes + 64);
		const uint32_t frame_room = round % ROOM;
		uint64_t lost = 0;
		uint32_t frame_count = 0;
		int32_t count;

		page->data_tail = (uint64_t)next_random(&random) * 8;
		fill((char *)page + page_bytes(), bytes, page->data_tail, &random);
		page->data_head = page->data_tail + claim;
		count = vt_cpu_samplers_read(&sampler, 1, samples, ROOM, &lost, &everything, frames, frame_room, &frame_count);
		bounded = count >= 0 && count <= ROOM && frame_count <= frame_room;
		for (uint32_t i = 0; i < frame_count && bounded; i++)
			bounded = frames[i].stack_bytes <= VT_CALL_STACK_MAX;
		emptied = emptied && page->data_tail == page->data_head && (claim <= bytes || lost == 1);
		taken += (uint32_t)count, framed += frame_count;
	}
	check(bounded, "two thousand rings of nonsense fill no more than there is room for");
	check(emptied, "each of them is emptied, and what cannot be true is told as lost");
	check(taken > ROUNDS && framed > 0, "some of what looks like samples is taken (%u, %u with frames)", taken, framed);
	munmap(page, page_bytes() + bytes);
	free(frames);
	free(samples);
}
