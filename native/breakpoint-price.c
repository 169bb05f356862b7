#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "call-samples-group.h"
#include "entries.h"

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

int32_t vt_breakpoint_price(uint64_t address, uint32_t hits, uint32_t caught, double *ns_per_hit)
{
	const struct vt_call_event event = { .address = address, .fn = VT_FN_CLOCK_GETTIME, .stack_bytes = VT_CALL_STACK_MIN };
	clock_function *const call = (clock_function *)(uintptr_t)address;
	/* Counted: the first sample would be due after twice as many. */
	const uint64_t period = caught ? 1 : 2 * (uint64_t)hits;
	const uint32_t bound = caught ? hits : 1;
	struct vt_call_samples samples;
	double free_ns;
	int32_t result;

	if (address == 0 || hits == 0)
		return -EINVAL;
	free_ns = ns_per_call(call, hits);
	result = vt_call_samples_open((uint32_t)syscall(SYS_gettid), PRICE_RING_BYTES, &samples);
	if (result < 0)
		return result;
	result = vt_call_samples_arm(&samples, &event, 1, &period, &bound);
	if (result == 1) {
		*ns_per_hit = ns_per_call(call, hits) - free_ns;
		/* Some hypervisors take the debug registers and deliver nothing: what costs nothing has then seen nothing. */
		vt_call_samples_disarm(&samples);
		if (samples.counts[0] == 0)
			result = -ENODATA;
	}
	vt_call_samples_close(&samples);
	return result < 0 ? result : 0;
}
