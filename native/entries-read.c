/* Reading what the programs of entries.c count, in the memory that they share with us. */
#include "bpf-call.h"
#include "entries-programs.h"

#include <string.h>

/* In a table that is full of threads that are gone, looking further would take longer with each that comes. */
#define PROBES_OF_BUFFER 64u

/* Adds to the caller's buffer, used as a hash table by open addressing meanwhile; false: no room near where it belongs. */
static int add_thread_entries(struct vt_thread_entries *table, uint32_t capacity, uint32_t tid, uint32_t tag, uint64_t count)
{
	const uint32_t start = (tid + (tag << 22)) * 0x9E3779B1u >> 7;

	for (uint32_t i = 0; i < PROBES_OF_BUFFER && i < capacity; i++) {
		struct vt_thread_entries *at = &table[(start + i) & (capacity - 1)];

		if (at->tid == 0)
			*at = (struct vt_thread_entries){ .tid = tid, .fn = (uint16_t)(tag / VT_SLOT_COUNT), .slot = (uint16_t)(tag % VT_SLOT_COUNT) };
		if (at->tid == tid && (uint32_t)at->fn * VT_SLOT_COUNT + at->slot == tag) {
			at->count += count;
			return 1;
		}
	}
	return 0;
}

static void read_region(const struct vt_entries *e, uint32_t cpu, uint64_t *counts, struct vt_thread_entries *threads,
			uint32_t capacity, struct vt_entries_totals *totals)
{
	struct region *region = region_of(e, cpu);

	totals->started += __atomic_load_n(&region->started, __ATOMIC_RELAXED);
	totals->processes += __atomic_load_n(&region->processes, __ATOMIC_RELAXED);
	for (uint32_t tag = 0; tag < TAGS; tag++) {
		uint64_t count = __atomic_load_n(&region->overflow[tag], __ATOMIC_RELAXED);

		counts[tag] += count;
		totals->unattributed += count;
	}
	for (uint32_t i = 0; i < e->keys + PROBES - 1; i++) {
		uint64_t key = __atomic_load_n(&region->table[i].key, __ATOMIC_RELAXED);
		uint64_t count = __atomic_load_n(&region->table[i].count, __ATOMIC_RELAXED);
		uint32_t tag = (uint32_t)key;

		if (key == 0 || count == 0 || tag >= TAGS)
			continue;
		counts[tag] += count;
		if (!add_thread_entries(threads, capacity, (uint32_t)(key >> 32), tag, count))
			totals->unattributed += count;
	}
}

/* A 64-bit call counted by its number and not yet taken back, or the other way round on another CPU: not an entry. */
static int is_counted(uint64_t count)
{
	return (int64_t)count > 0;
}

/* Moves the used entries to the front. */
static uint32_t compact(struct vt_thread_entries *threads, uint32_t capacity)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < capacity; i++)
		if (threads[i].tid != 0 && is_counted(threads[i].count))
			threads[used++] = threads[i];
	return used;
}

/*
 * Times the kernel passed over a program of ours because another one was at work on that CPU (trace_call_bpf), and how many
 * programs it does not tell that of.
 */
static void read_missed(const struct vt_entries *e, struct vt_entries_totals *totals)
{
	for (uint32_t kind = 0; kind < VT_TP_COUNT; kind++) {
		struct bpf_prog_info info = { 0 };
		union bpf_attr attr = { 0 };

		if (e->program_fds[kind] < 0)
			continue;
		attr.info.bpf_fd = (uint32_t)e->program_fds[kind];
		attr.info.info = (uintptr_t)&info;
		attr.info.info_len = sizeof(info);
		if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0)
			totals->missed += info.recursion_misses;
		else
			totals->missed_untold++;
	}
}

int32_t vt_entries_read(const struct vt_entries *entries, uint64_t *counts, struct vt_thread_entries *threads,
			uint32_t capacity, struct vt_entries_totals *totals)
{
	if (entries->regions == 0 || capacity == 0 || (capacity & (capacity - 1)) != 0)
		return -EINVAL;
	memset(totals, 0, sizeof(*totals));
	memset(counts, 0, TAGS * sizeof(*counts));
	memset(threads, 0, capacity * sizeof(*threads));
	totals->read_at_ns = now_ns();
	for (uint32_t cpu = 0; cpu < entries->cpus; cpu++)
		read_region(entries, cpu, counts, threads, capacity, totals);
	totals->thread_count = compact(threads, capacity);
	for (uint32_t tag = 0; tag < TAGS; tag++)
		counts[tag] = is_counted(counts[tag]) ? counts[tag] : 0;
	totals->unattributed = is_counted(totals->unattributed) ? totals->unattributed : 0;
	read_missed(entries, totals);
	return 0;
}
