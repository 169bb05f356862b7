#include "call-samples.h"

#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "entries.h"
#include "user-frames.h"

enum {
	/* identifier, ip, pid and tid, time, abi (perf_event_open(2), PERF_RECORD_SAMPLE) */
	FIXED_BYTES = sizeof(struct perf_event_header) + 5 * sizeof(uint64_t),
	RECORD_MAX = FIXED_BYTES + (REGISTER_COUNT + 2) * 8 + VT_CALL_STACK_MAX,
};

static uint64_t page_bytes(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

/* The system call itself: a breakpoint on our own vDSO must not be hit by asking for the time. */
static uint64_t now_ns(void)
{
	struct timespec ts = { 0 };

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

#ifdef SAMPLES_FRAMES
/* PERF_SAMPLE_PERIOD is left out: with it the kernel delivers every hit of a software event (perf_swevent_event). */
static struct perf_event_attr attributes_of(const struct vt_call_event *event, uint64_t period)
{
	struct perf_event_attr attr = {
		.type = event->address != 0 ? PERF_TYPE_BREAKPOINT : PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = event->tracepoint_id,
		.sample_period = period,
		.sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME |
			       PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
		.sample_regs_user = REGISTERS,
		.sample_stack_user = event->stack_bytes,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.exclude_kernel = event->sees_kernel == 0,
		.exclude_hv = event->sees_kernel == 0,
		.exclude_callchain_user = 1,
	};

	if (event->address != 0) {
		attr.bp_type = HW_BREAKPOINT_X;
		attr.bp_addr = event->address;
		attr.bp_len = sizeof(long);
	}
	return attr;
}

static int32_t perf_open(struct perf_event_attr *attr, uint32_t tid, int32_t group)
{
	const long fd = syscall(SYS_perf_event_open, attr, (pid_t)tid, -1, group, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int32_t)fd;
}

/* The leader samples nothing; events that share a ring must share its clock. */
static int32_t open_leader(struct vt_call_samples *samples, uint64_t bytes)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	void *ring;

	samples->leader_fd = perf_open(&attr, samples->tid, -1);
	if (samples->leader_fd < 0)
		return samples->leader_fd;
	/* Beyond kernel.perf_event_mlock_kb and RLIMIT_MEMLOCK the kernel answers EPERM: then a smaller one. */
	for (; bytes >= page_bytes(); bytes /= 2) {
		ring = mmap(NULL, page_bytes() + bytes, PROT_READ | PROT_WRITE, MAP_SHARED, samples->leader_fd, 0);
		if (ring != MAP_FAILED) {
			samples->ring = (uintptr_t)ring;
			samples->ring_bytes = (uint32_t)bytes;
			return 0;
		}
		if (errno != EPERM)
			break;
	}
	return -errno;
}

static int32_t open_event(struct vt_call_samples *samples, const struct vt_call_event *event, uint64_t period, uint64_t *id)
{
	struct perf_event_attr attr = attributes_of(event, period);
	int32_t fd = perf_open(&attr, samples->tid, samples->leader_fd);

	if (fd < 0)
		return fd;
	if ((event->filter[0] != 0 && ioctl(fd, PERF_EVENT_IOC_SET_FILTER, event->filter) < 0) ||
	    ioctl(fd, PERF_EVENT_IOC_ID, id) < 0 || ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, samples->leader_fd) < 0) {
		const int32_t result = -errno;

		close(fd);
		return result;
	}
	return fd;
}
#else
static int32_t open_leader(struct vt_call_samples *samples, uint64_t bytes)
{
	(void)samples, (void)bytes;
	return -ENOTSUP;
}

static int32_t open_event(struct vt_call_samples *samples, const struct vt_call_event *event, uint64_t period, uint64_t *id)
{
	(void)samples, (void)event, (void)period, (void)id;
	return -ENOTSUP;
}
#endif

int32_t vt_call_samples_open(uint32_t tid, uint32_t ring_bytes, struct vt_call_samples *out)
{
	const uint64_t bytes = ring_bytes > page_bytes() ? ring_bytes : page_bytes();
	int32_t result;

	memset(out, 0, sizeof(*out));
	memset(out->fds, -1, sizeof(out->fds));
	out->leader_fd = -1;
	out->tid = tid;
	result = (bytes & (bytes - 1)) != 0 ? -EINVAL : open_leader(out, bytes);
	if (result < 0)
		vt_call_samples_close(out);
	return result;
}

static int is_sound(const struct vt_call_event *event, uint64_t period)
{
	return (event->address != 0) != (event->tracepoint_id != 0) && event->fn < VT_FN_COUNT && event->stack_bytes % 8 == 0 &&
	       event->stack_bytes >= VT_CALL_STACK_MIN && event->stack_bytes <= VT_CALL_STACK_MAX && period != 0 &&
	       memchr(event->filter, 0, sizeof(event->filter)) != NULL;
}

static int is_sound_plan(const struct vt_call_samples *samples, const struct vt_call_event *events, uint32_t count,
			 const uint64_t *periods, const uint32_t *bounds)
{
	uint64_t wanted = 0;

	if (samples->ring == 0 || count == 0 || count > VT_CALL_EVENTS_MAX)
		return 0;
	for (uint32_t i = 0; i < count; i++) {
		if (!is_sound(&events[i], periods[i]))
			return 0;
		wanted += (uint64_t)bounds[i] * (RECORD_MAX - VT_CALL_STACK_MAX + events[i].stack_bytes);
	}
	return wanted <= samples->ring_bytes;
}

static void shut_event(struct vt_call_samples *samples, uint32_t i)
{
	if (samples->fds[i] >= 0)
		close(samples->fds[i]);
	samples->fds[i] = -1;
	samples->left[i] = 0;
}

/*
 * Under a leader that is off, an event costs the thread nothing and REFRESH is a mere addition to its bound (of which 0
 * would mean none: perf_event_refresh). One whose bound was used up is opened anew: on Linux 6.18 the kernel leaves it
 * stopped for good (__perf_event_overflow calls pmu->stop, and neither hw_breakpoint_add nor perf_trace_add starts it).
 */
static int32_t ready_event(struct vt_call_samples *samples, const struct vt_call_event *event, uint32_t i, uint64_t period,
			   uint32_t bound)
{
	if (samples->left[i] == 0 || samples->periods[i] != period || samples->in_doubt || bound == 0)
		shut_event(samples, i);
	if (bound == 0)
		return 0;
	if (samples->fds[i] < 0) {
		const int32_t fd = open_event(samples, event, period, &samples->ids[i]);

		if (fd < 0)
			return fd;
		samples->fds[i] = fd;
		samples->periods[i] = period;
	}
	if (samples->left[i] < bound && ioctl(samples->fds[i], PERF_EVENT_IOC_REFRESH, bound - samples->left[i]) < 0)
		return -errno;
	samples->left[i] = samples->left[i] < bound ? bound : samples->left[i];
	return 1;
}

int32_t vt_call_samples_arm(struct vt_call_samples *samples, const struct vt_call_event *events, uint32_t count,
			    const uint64_t *periods, const uint32_t *bounds)
{
	int32_t ready = 0, failure = -EINVAL;
	uint64_t before;

	if (!is_sound_plan(samples, events, count, periods, bounds))
		return -EINVAL;
	for (uint32_t i = 0; i < count; i++) {
		const int32_t result = ready_event(samples, &events[i], i, periods[i], bounds[i]);

		samples->errors[i] = result < 0 ? result : 0;
		if (result < 0)
			shut_event(samples, i);
		if (result < 0 && failure == -EINVAL)
			failure = result;
		ready += result == 1;
	}
	samples->in_doubt = 0;
	if (ready == 0)
		return failure;
	before = now_ns();
	if (ioctl(samples->leader_fd, PERF_EVENT_IOC_ENABLE, 0) < 0)
		return -errno;
	samples->armed_at_ns = before + (now_ns() - before) / 2;
	return ready;
}

int32_t vt_call_samples_disarm(struct vt_call_samples *samples)
{
	const uint64_t before = now_ns();

	if (samples->leader_fd >= 0)
		ioctl(samples->leader_fd, PERF_EVENT_IOC_DISABLE, 0);
	samples->disarmed_at_ns = before + (now_ns() - before) / 2;
	return 0;
}

/* As the counting programs tell clocks apart (entries-programs.c, clock_slot). */
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

static uint32_t event_of(const struct vt_call_samples *samples, uint64_t id)
{
	uint32_t i = 0;

	while (i < VT_CALL_EVENTS_MAX && (samples->fds[i] < 0 || samples->ids[i] != id))
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
	const char *data = (const char *)(uintptr_t)samples->ring + page_bytes();
	const uint64_t offset = at % samples->ring_bytes;
	const uint64_t first = size < samples->ring_bytes - offset ? size : samples->ring_bytes - offset;

	memcpy(room, data + offset, first);
	memcpy((char *)room + first, data, size - first);
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

	if (header.size > RECORD_MAX)
		return 0;
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
		uint64_t word;

		unfold(samples, tail, sizeof(word), &word);
		memcpy(&header, &word, sizeof(header));
		if (header.size < sizeof(header) || header.size % 8 != 0 || header.size > head - tail) {
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

/* The leader last: its members would run on their own for a moment. */
int32_t vt_call_samples_release(struct vt_call_samples *samples)
{
	for (uint32_t i = 0; i < VT_CALL_EVENTS_MAX; i++)
		shut_event(samples, i);
	return 0;
}

int32_t vt_call_samples_close(struct vt_call_samples *samples)
{
	vt_call_samples_release(samples);
	if (samples->leader_fd >= 0)
		close(samples->leader_fd);
	samples->leader_fd = -1;
	if (samples->ring != 0)
		munmap((void *)(uintptr_t)samples->ring, page_bytes() + samples->ring_bytes);
	samples->ring = 0;
	return 0;
}

enum { PRICE_RING_BYTES = 65536 };

typedef int clock_function(clockid_t clock, struct timespec *out);

static double ns_per_call(clock_function *call, uint32_t calls)
{
	const uint64_t before = now_ns();
	struct timespec ts;

	for (uint32_t i = 0; i < calls; i++)
		call(CLOCK_MONOTONIC_COARSE, &ts);
	return (double)(now_ns() - before) / calls;
}

int32_t vt_breakpoint_price(uint64_t address, uint32_t hits, double *ns_per_hit)
{
	const struct vt_call_event event = { .address = address, .fn = VT_FN_CLOCK_GETTIME, .stack_bytes = VT_CALL_STACK_MIN };
	clock_function *const call = (clock_function *)(uintptr_t)address;
	const uint64_t period = 1;
	struct vt_call_samples samples;
	double free_ns;
	uint64_t seen;
	int32_t result;

	if (address == 0 || hits == 0)
		return -EINVAL;
	free_ns = ns_per_call(call, hits);
	result = vt_call_samples_open((uint32_t)syscall(SYS_gettid), PRICE_RING_BYTES, &samples);
	if (result < 0)
		return result;
	result = vt_call_samples_arm(&samples, &event, 1, &period, &hits);
	if (result == 1) {
		*ns_per_hit = ns_per_call(call, hits) - free_ns;
		/* Some hypervisors take the debug registers and deliver nothing: what costs nothing has then seen nothing. */
		if (read(samples.fds[0], &seen, sizeof(seen)) != (ssize_t)sizeof(seen) || seen == 0)
			result = -ENODATA;
	}
	vt_call_samples_close(&samples);
	return result < 0 ? result : 0;
}
