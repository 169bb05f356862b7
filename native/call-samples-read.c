#include <linux/perf_event.h>
#include <stddef.h>
#include <string.h>

#include "call-samples-group.h"
#include "entries.h"

/* As the counting programs tell clocks apart (entries-tag.c, clock_slot). */
static uint32_t slot_of(uint32_t fn, int32_t clock_id)
{
	const int32_t kind = clock_id & 7;

	if (fn != VT_FN_CLOCK_GETTIME && fn != VT_FN_CLOCK_GETRES)
		return 0;
	if (clock_id >= 0)
		return clock_id < VT_SLOT_PROCESS_CPU ? (uint32_t)clock_id : VT_SLOT_INVALID;
	if (kind == 3)
		return VT_SLOT_DESCRIPTOR;
	return kind == 7 ? VT_SLOT_INVALID : kind & 4 ? VT_SLOT_THREAD_CPU : VT_SLOT_PROCESS_CPU;
}

/* Which of REGISTERS, counted from the lowest. */
static uint64_t register_of(const struct vt_call_sample *sample, uint32_t number)
{
	return sample->registers[__builtin_popcountll(REGISTERS & (BIT(number) - 1))];
}

/* Of 32-bit code on x86, a system call has it in ebx and a function above its return address on the stack. */
static int32_t first_argument(const struct vt_call_sample *sample, int at_breakpoint)
{
#if defined(__x86_64__)
	int32_t argument = -1;

	if (sample->bits == 64)
		return (int32_t)register_of(sample, PERF_REG_X86_DI);
	if (!at_breakpoint)
		return (int32_t)register_of(sample, PERF_REG_X86_BX);
	if (sample->stack_bytes >= 8)
		memcpy(&argument, sample->stack + 4, sizeof(argument));
	return argument;
#else
	(void)at_breakpoint;
	return (int32_t)register_of(sample, 0);
#endif
}

/* The page has one entry every 0x400 bytes (arch/x86/entry/vsyscall/vsyscall_64.c, addr_to_vsyscall_nr). */
static uint32_t function_at(uint32_t fn, uint64_t ip)
{
	const uint32_t nr = (uint32_t)(ip >> 10) & 3;

	if (fn < VT_FN_VSYSCALL_GETTIMEOFDAY)
		return fn;
	return VT_FN_VSYSCALL_GETTIMEOFDAY + (nr < 3 ? nr : 0);
}

/* VT_CALL_EVENTS_MAX: of none. An event that is shut has no id, and the kernel gives none the id 0. */
static uint32_t event_of(const struct vt_call_samples *samples, uint64_t id)
{
	uint32_t i = 0;

	while (i < VT_CALL_EVENTS_MAX && (id == 0 || samples->ids[i] != id))
		i++;
	return i;
}

/* 1: a usable sample of event `sample->event`; 0: of that event and not usable; -1: not one of ours. */
static int take_sample(const struct vt_call_samples *samples, const struct vt_call_event *events, struct words words,
		       struct vt_call_sample *sample)
{
	const struct vt_call_event *event;
	uint64_t ip;

	memset(sample, 0, offsetof(struct vt_call_sample, stack));
	sample->event = event_of(samples, next_word(&words));
	if (sample->event >= VT_CALL_EVENTS_MAX)
		return -1;
	event = &events[sample->event];
	ip = next_word(&words);
	next_word(&words); /* pid and tid: an event is of one thread */
	sample->at_ns = next_word(&words);
	if (!take_registers(&words, sample))
		return 0;
	take_stack(&words, sample);
	if (event->address != 0 && event->address != ip)
		return 0;
#if defined(__x86_64__)
	/* A tracepoint outside system call entry is sampled where the kernel stands. */
	ip = register_of(sample, PERF_REG_X86_IP);
#endif
	sample->fn = function_at(event->fn, ip);
	sample->slot = slot_of(sample->fn, first_argument(sample, event->address != 0));
	return 1;
}

/* A record may go around the end of the ring. */
static struct words unfold(const struct vt_call_samples *samples, uint64_t at, uint32_t size, uint64_t *room)
{
	const struct ring ring = { (const char *)(uintptr_t)samples->ring + page_bytes(), samples->ring_bytes };

	copy_out(&ring, at, room, size);
	return (struct words){ room + 1, room + size / 8 };
}

static void note(struct vt_call_samples *samples, struct vt_call_totals *totals, uint32_t type, struct words words)
{
	if (type == PERF_RECORD_LOST) {
		next_word(&words); /* id */
		totals->lost += (uint32_t)next_word(&words);
		samples->in_doubt = 1;
	} else if (type == PERF_RECORD_THROTTLE) {
		totals->throttled++;
	}
}

/* One record into *out; answers whether it was a sample for the caller. */
static int take_record(struct vt_call_samples *samples, const struct vt_call_event *events, uint64_t at,
		       struct perf_event_header header, struct vt_call_sample *out, struct vt_call_totals *totals)
{
	uint64_t room[RECORD_MAX / 8 + 1];
	struct words words;
	int taken;

	if (header.size > RECORD_MAX) {
		totals->unusable++;
		samples->in_doubt = 1;
		return 0;
	}
	words = unfold(samples, at, header.size, room);
	if (header.type != PERF_RECORD_SAMPLE) {
		note(samples, totals, header.type, words);
		return 0;
	}
	taken = take_sample(samples, events, words, out);
	if (taken < 0)
		samples->in_doubt = 1;
	else if (samples->left[out->event] > 0)
		samples->left[out->event]--;
	totals->unusable += taken != 1;
	return taken == 1;
}

/* 0: what lies there makes no sense. */
static int read_header(const struct vt_call_samples *samples, uint64_t at, uint64_t head, struct perf_event_header *header)
{
	uint64_t word;

	unfold(samples, at, sizeof(word), &word);
	memcpy(header, &word, sizeof(*header));
	return header->size >= sizeof(*header) && header->size % 8 == 0 && header->size <= head - at;
}

void count_records(const struct vt_call_samples *samples, uint32_t *records)
{
	const struct perf_event_mmap_page *page = (const void *)(uintptr_t)samples->ring;
	struct perf_event_header header;
	uint64_t head, at;

	memset(records, 0, VT_CALL_EVENTS_MAX * sizeof(*records));
	if (page == NULL || samples->ring_bytes == 0)
		return;
	head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
	for (at = page->data_tail; at < head && read_header(samples, at, head, &header); at += header.size) {
		uint64_t start[2];
		uint32_t event;

		if (header.type != PERF_RECORD_SAMPLE || header.size < sizeof(start))
			continue;
		unfold(samples, at, sizeof(start), start);
		event = event_of(samples, start[1]);
		if (event < VT_CALL_EVENTS_MAX)
			records[event]++;
	}
}

int32_t vt_call_samples_read(struct vt_call_samples *samples, const struct vt_call_event *events, struct vt_call_sample *out,
			     uint32_t capacity, struct vt_call_totals *totals)
{
	struct perf_event_mmap_page *page = (void *)(uintptr_t)samples->ring;
	uint32_t seen[VT_CALL_EVENTS_MAX] = { 0 };
	uint32_t taken = 0;
	uint64_t head, tail;

	memset(totals, 0, sizeof(*totals));
	if (page == NULL || samples->ring_bytes == 0)
		return 0;
	head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
	tail = page->data_tail;
	while (taken < capacity && tail < head) {
		struct perf_event_header header;

		if (!read_header(samples, tail, head, &header)) {
			totals->unusable++;
			samples->in_doubt = 1;
			tail = head;
			break;
		}
		if (take_record(samples, events, tail, header, &out[taken], totals)) {
			out[taken].first = seen[out[taken].event]++ == 0;
			taken++;
		}
		tail += header.size;
	}
	__atomic_store_n(&page->data_tail, tail, __ATOMIC_RELEASE);
	return (int32_t)taken;
}
