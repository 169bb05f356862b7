/* Several clocks read at one moment, so that a step of one against another shows. */
#include "vdsotop.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#ifndef CLOCK_BOOTTIME
#define CLOCK_BOOTTIME 7
#endif

/* Reads in a row: neighbours on one thread that go backwards need a thread that moves to a CPU whose counter is behind. */
#define NEIGHBOURS 32

static int read_ns(clockid_t clock, uint64_t *ns)
{
	struct timespec now;

	if (clock_gettime(clock, &now) != 0)
		return -errno;
	*ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	return 0;
}

static int read_neighbours(uint64_t *last, uint64_t *back_ns)
{
	uint64_t before = 0;

	for (int i = 0; i < NEIGHBOURS; i++) {
		int error = read_ns(CLOCK_MONOTONIC, last);

		if (error != 0)
			return error;
		if (*last < before && before - *last > *back_ns)
			*back_ns = before - *last;
		before = *last;
	}
	return 0;
}

int32_t vt_clock_readings_take(struct vt_clock_readings *out)
{
	int error;

	memset(out, 0, sizeof(*out));
	error = read_neighbours(&out->monotonic_before_ns, &out->back_ns);
	if (error == 0)
		error = read_ns(CLOCK_REALTIME, &out->realtime_ns);
	if (error == 0)
		error = read_ns(CLOCK_BOOTTIME, &out->boottime_ns);
	if (error == 0)
		error = read_ns(CLOCK_MONOTONIC, &out->monotonic_after_ns);
	return error;
}
