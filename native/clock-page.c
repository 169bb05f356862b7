/*
 * The kernel's clock data ([vvar]) of this process. Its layout is not ABI and moves between versions, so it is recognised
 * by checking and never by version: whatever the mode, the coarse time in it must be what CLOCK_REALTIME_COARSE answers,
 * to the nanosecond and within one value of seq. Layouts: include/vdso/datapage.h (struct vdso_data from 5.3, struct
 * vdso_clock from 6.15), at offset 0x80 of the page on x86 up to 6.12 (arch/x86/include/asm/vvar.h) and 0 elsewhere.
 */
#include "vdsotop.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_SECOND 1000000000ull
#define TRIES 64
/* Counters of two CPUs may differ by this much. */
#define SLACK_NS 100
/* Ids of the kernel's own base times, which are clock ids. */
#define BASES 8
/* VDSO_CLOCKMODE_TIMENS: this page holds the offsets of a time namespace, the data is on another. */
#define MODE_TIMENS 0x7fffffff

struct base {
	uint64_t seconds, nanoseconds; /* shifted left by `shift` for precise clocks, plain for coarse ones */
};

/* One consistent reading, with the counter and the coarse clock as they were meanwhile. */
struct snapshot {
	uint32_t seq, mult, shift;
	int32_t mode;
	uint64_t cycle_last, mask, counter;
	struct base bases[BASES];
	struct timespec coarse, before, after;
};

/* Where the layouts put things: { seq, mode, cycle_last, [max_cycles,] mask, mult, shift, bases }. */
struct layout {
	uint32_t offset, has_max_cycles;
};

static const struct layout layouts[] = { { 0, 0 }, { 0, 1 }, { 0x80, 0 }, { 0x80, 1 } };

/* The counter as the vDSO reads it; 0 where this architecture's is not known here. */
static uint64_t read_counter(void)
{
#if defined(__x86_64__) || defined(__i386__)
	uint32_t low, high;
	__asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high)::"memory");
	return (uint64_t)high << 32 | low;
#elif defined(__aarch64__)
	uint64_t ticks;
	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks)::"memory");
	return ticks;
#else
	return 0;
#endif
}

static uint32_t load_u32(const volatile uint8_t *at)
{
	return *(const volatile uint32_t *)at;
}

static uint64_t load_u64(const volatile uint8_t *at)
{
	return *(const volatile uint64_t *)at;
}

static void load_fields(const volatile uint8_t *data, const struct layout *layout, struct snapshot *to)
{
	const volatile uint8_t *after_cycles = data + 16 + 8 * layout->has_max_cycles;

	to->mode = (int32_t)load_u32(data + 4);
	to->cycle_last = load_u64(data + 8);
	to->mask = load_u64(after_cycles);
	to->mult = load_u32(after_cycles + 8);
	to->shift = load_u32(after_cycles + 12);
	for (int i = 0; i < BASES; i++)
		to->bases[i] = (struct base){ load_u64(after_cycles + 16 + 16 * i), load_u64(after_cycles + 24 + 16 * i) };
}

/* Reads while nobody writes, as the vDSO does: seq even, and the same afterwards. */
static bool take_snapshot(const volatile uint8_t *data, const struct layout *layout, struct snapshot *to)
{
	for (int i = 0; i < TRIES; i++) {
		to->seq = load_u32(data);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		load_fields(data, layout, to);
		clock_gettime(CLOCK_REALTIME, &to->before);
		to->counter = read_counter();
		clock_gettime(CLOCK_REALTIME, &to->after);
		clock_gettime(CLOCK_REALTIME_COARSE, &to->coarse);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if ((to->seq & 1) == 0 && load_u32(data) == to->seq)
			return true;
	}
	return false;
}

static bool shows_coarse_time(const struct snapshot *seen)
{
	const struct base *coarse = &seen->bases[CLOCK_REALTIME_COARSE];

	return coarse->seconds == (uint64_t)seen->coarse.tv_sec && coarse->nanoseconds == (uint64_t)seen->coarse.tv_nsec;
}

static uint64_t nanoseconds(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * NS_PER_SECOND + (uint64_t)time->tv_nsec;
}

/* base + (cycles · mult >> shift), the sum made before the shift: lib/vdso/gettimeofday.c. */
static bool counter_reproduces_clock(const struct snapshot *seen)
{
	const struct base *base = &seen->bases[CLOCK_REALTIME];
	uint64_t cycles = (seen->counter - seen->cycle_last) & seen->mask;

	if (seen->mult == 0 || seen->shift > 32)
		return false;
	if (cycles > seen->mask / 2) /* a counter slightly behind cycle_last counts as cycle_last */
		cycles = 0;
	unsigned __int128 shifted = (unsigned __int128)cycles * seen->mult + base->nanoseconds;
	uint64_t time = base->seconds * NS_PER_SECOND + (uint64_t)(shifted >> seen->shift);
	return time + SLACK_NS >= nanoseconds(&seen->before) && time <= nanoseconds(&seen->after) + SLACK_NS;
}

/*
 * Numbers of the mode on x86: arch/x86/include/asm/vdso/clocksource.h. On arm64 0 meant "on" from 5.3 to 5.6 and "none"
 * later: there the data decides, which the kernel does not keep up to date in mode none.
 */
static int32_t judge_mode(const struct snapshot *seen)
{
	bool reproduces = counter_reproduces_clock(seen);

#if defined(__x86_64__) || defined(__i386__)
	switch (seen->mode) {
	case 0: return VT_CLOCK_MODE_NONE;
	case 1: return reproduces ? VT_CLOCK_MODE_COUNTER : VT_CLOCK_MODE_UNKNOWN;
	case 2: return VT_CLOCK_MODE_PVCLOCK;
	case 3: return VT_CLOCK_MODE_HVCLOCK;
	}
	return VT_CLOCK_MODE_UNKNOWN;
#elif defined(__aarch64__)
	if (reproduces)
		return VT_CLOCK_MODE_COUNTER;
	return seen->mode == 0 ? VT_CLOCK_MODE_NONE : VT_CLOCK_MODE_UNKNOWN;
#else
	(void)reproduces;
	return VT_CLOCK_MODE_UNKNOWN;
#endif
}

static bool recognise(const volatile uint8_t *page, const struct layout *layout, struct vt_clock_page *out)
{
	struct snapshot seen;
	struct timespec now;

	/* A tick between two of the reads makes one try fail; a wrong layout fails all of them. */
	for (int i = 0; i < 3; i++) {
		if (!take_snapshot(page + layout->offset, layout, &seen) || !shows_coarse_time(&seen))
			continue;
		clock_gettime(CLOCK_MONOTONIC, &now);
		*out = (struct vt_clock_page){ nanoseconds(&now), layout->offset, judge_mode(&seen), seen.seq,
					       layout->has_max_cycles };
		return true;
	}
	return false;
}

static bool recognise_page(const volatile uint8_t *page, struct vt_clock_page *out)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		if (recognise(page, &layouts[i], out))
			return true;
	return false;
}

/* In a time namespace the first page stands in for the data with seq 1 and this mode: kernel/time/namespace_vdso.c. */
static bool is_timens_page(const volatile uint8_t *page)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		const volatile uint8_t *data = page + layouts[i].offset;
		if (load_u32(data) == 1 && (int32_t)load_u32(data + 4) == MODE_TIMENS)
			return true;
	}
	return false;
}

/* Outside a time namespace the page numbered `timens_page` has nothing behind it, and touching it is SIGBUS. */
int32_t vt_clock_page_read(uint64_t address, uint64_t size, uint32_t timens_page, struct vt_clock_page *out)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	const volatile uint8_t *page = (const volatile uint8_t *)(uintptr_t)address;

	memset(out, 0, sizeof(*out));
	if (address == 0 || address % page_size != 0 || size < page_size)
		return -EINVAL;
	if (recognise_page(page, out))
		return 0;
	if (timens_page != 0 && timens_page < size / page_size && is_timens_page(page) && recognise_page(page + timens_page * page_size, out))
		return 0;
	return -ENOTSUP;
}
