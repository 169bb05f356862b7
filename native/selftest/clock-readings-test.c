#include "../vdsotop.h"
#include "selftest.h"

#include <time.h>

void test_clock_readings(void)
{
	struct vt_clock_readings one, two;
	const struct timespec pause = { .tv_nsec = 20000000 };

	check(vt_clock_readings_take(&one) == 0, "three clocks are read");
	nanosleep(&pause, NULL);
	check(vt_clock_readings_take(&two) == 0, "and once more");
	check(one.monotonic_after_ns >= one.monotonic_before_ns, "MONOTONIC goes forward within a reading");
	check(two.monotonic_before_ns - one.monotonic_after_ns >= 20000000u, "and by the pause between two");
	check(two.boottime_ns - one.boottime_ns >= 20000000u, "BOOTTIME goes forward too");
	check(one.boottime_ns >= one.monotonic_before_ns, "BOOTTIME is never behind MONOTONIC");
	check(one.back_ns == 0 && two.back_ns == 0, "neither stepped back meanwhile");
}
