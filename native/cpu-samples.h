/*
 * Where a thread spends its CPU time: the cpu-clock software event of perf, one event and one small ring for each thread
 * (cpu-samples.c opens, cpu-samples-read.c reads, cpu-samples-price.c prices). The rules of vdsotop.h hold: caller's
 * buffers, negative errno, nothing kept between calls but what the caller's handle says. Everything is held by file
 * descriptors (CLOEXEC): a process that dies leaves nothing.
 *
 * PERF_EVENT_IOC_REFRESH is not used: on a cpu-clock event it hangs the whole machine in Linux 6.16 and 6.17
 * (async-profiler pull request 1599), where the event stops its own timer from within that timer.
 */
#ifndef VDSOTOP_CPU_SAMPLES_H
#define VDSOTOP_CPU_SAMPLES_H

#include <stdint.h>

#include "call-samples.h"
#include "vdsotop.h"

/* Sampling of one thread. The caller keeps the bytes and hands them back; vt_cpu_sampler_open fills them. */
struct vt_cpu_sampler {
	uint64_t ring; /* address */
	int32_t fd;
	uint32_t tid;
	uint32_t sees_kernel; /* 0: only samples of user code come, the permission for more is lacking */
	uint32_t with_frames;
};

/* Which code was running, VT_MODE_*: the mode of the sample, not what its address looks like. */
enum { VT_MODE_OTHER, VT_MODE_KERNEL, VT_MODE_USER };

struct vt_cpu_sample {
	uint64_t ip;
	uint32_t tid;
	uint32_t mode;
};

/*
 * Opens a stopped sampler on a thread of any process, one sample each `period_ns` of its CPU time; `with_frames` 1: with the
 * registers and VT_CALL_STACK_MIN bytes of the stack of user code, which makes a sample somewhat dearer.
 * 0; -EACCES or -EPERM: not permitted; -ESRCH: no such thread; -EMFILE, -ENOMEM or another of perf_event_open(2), mmap(2).
 */
VT_EXPORT int32_t vt_cpu_sampler_open(uint32_t tid, uint64_t period_ns, uint32_t with_frames,
				      struct vt_cpu_sampler *out);

/* Starts `count` samplers (`running` 1) or stops them (0), and sets their period first where `period_ns` is not 0. 0. */
VT_EXPORT int32_t vt_cpu_samplers_run(const struct vt_cpu_sampler *samplers, uint32_t count, uint32_t running,
				      uint64_t period_ns);

/* Addresses, `end` excluded. */
struct vt_address_range {
	uint64_t start;
	uint64_t end;
};

/*
 * Takes what the rings hold; what finds no room in `capacity` is counted as lost, as is what the kernel dropped: added to
 * `*lost`. The number of samples. Those of user code within `code` come in `frames` too where they have one, as far as
 * `frame_capacity` goes: *frame_count; their `event` is the thread's id, fn and slot are 0. `code` NULL: none.
 */
VT_EXPORT int32_t vt_cpu_samplers_read(const struct vt_cpu_sampler *samplers, uint32_t count,
				       struct vt_cpu_sample *samples, uint32_t capacity, uint64_t *lost,
				       const struct vt_address_range *code, struct vt_call_sample *frames,
				       uint32_t frame_capacity, uint32_t *frame_count);

/*
 * Time that each thread has been running with its sampler on, nanoseconds since it was opened: `ns` has room for `count`.
 * What switching it on and off a CPU costs outside of perf's own switch is not in it. 0.
 */
VT_EXPORT int32_t vt_cpu_samplers_time(const struct vt_cpu_sampler *samplers, uint32_t count, uint64_t *ns);

/* Closes `count` samplers; harmless on closed ones. 0. */
VT_EXPORT int32_t vt_cpu_samplers_close(struct vt_cpu_sampler *samplers, uint32_t count);

/*
 * What a sample, with its frame or without, takes from the thread that is sampled: for how long the calling thread stood
 * still when one was taken of it, nanoseconds, of up to `count` of them, each 3.7 ms after the one before. How many there
 * are, which may be 0; or as vt_cpu_sampler_open.
 */
VT_EXPORT int32_t vt_cpu_sampler_price(uint32_t with_frames, double *ns, uint32_t count);

/*
 * Calls the function at `address`, our own vDSO's clock_gettime, so often: for a sampler on the calling thread to see where
 * the clock id lies meanwhile. It comes as `hidden_id`, the id ^ VT_HIDDEN_ID: none but the called code then holds it. 0.
 */
enum { VT_HIDDEN_ID = 0x2a5a3c6d };
VT_EXPORT int32_t vt_call_clock(uint64_t address, int32_t hidden_id, uint32_t calls);

/*
 * The kernel's functions of these names (lines of `names`; one that ends with '*' is a prefix), read from `path`
 * (/proc/kallsyms) in its order, which is that of addresses. Modules are left out. The number of ranges, at most
 * `capacity`; -ENODATA: the file hides addresses (all are 0); -errno of reading it.
 */
VT_EXPORT int32_t vt_kernel_functions(const char *path, const char *names, struct vt_address_range *ranges,
				      uint32_t capacity);

#endif
