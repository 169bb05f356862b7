#include <errno.h>
#include <time.h>

#include "cpu-samples.h"

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
