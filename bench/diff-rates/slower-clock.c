/*
 * The native library with one clock that is dearer by a stated spin. It is linked with --wrap=vt_vdso_own, so that the
 * sampler, the real one, finds this function in the place of the vDSO's clock_gettime: each timed call is the real vDSO
 * call and, for the clock VT_SLOWER_CLOCK, VT_SLOWER_TURNS multiplications behind it. Nothing else differs.
 */
#include "../../native/vdsotop.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int clock_fn(clockid_t, struct timespec *);

static clock_fn *real_clock;
static long slower_clock = -1;
static unsigned long turns;

int32_t __real_vt_vdso_own(struct vt_vdso_image *out, struct vt_vdso_symbol *symbols, uint32_t capacity);
int32_t __wrap_vt_vdso_own(struct vt_vdso_image *out, struct vt_vdso_symbol *symbols, uint32_t capacity);

static int slower(clockid_t clock, struct timespec *time)
{
	int result = real_clock(clock, time);
	unsigned long spun = (unsigned long)result + 1;

	/* A multiplication a turn, each waiting for the one before: few turns, whose end the processor foresees. */
	if (clock == slower_clock)
		for (unsigned long left = turns; left > 0; left--) {
			spun *= left;
			__asm__ volatile("" : "+r"(spun));
		}
	return result;
}

static void read_environment(void)
{
	const char *clock = getenv("VT_SLOWER_CLOCK"), *spin = getenv("VT_SLOWER_TURNS");

	slower_clock = clock == NULL ? -1 : strtol(clock, NULL, 10);
	turns = spin == NULL ? 0 : strtoul(spin, NULL, 10);
}

int32_t __wrap_vt_vdso_own(struct vt_vdso_image *out, struct vt_vdso_symbol *symbols, uint32_t capacity)
{
	int32_t answer = __real_vt_vdso_own(out, symbols, capacity);

	if (answer != 0)
		return answer;
	if (real_clock == NULL)
		read_environment();
	for (uint32_t i = 0; i < out->symbol_count; i++)
		if (strcmp(symbols[i].name, "__vdso_clock_gettime") == 0) {
			real_clock = (clock_fn *)(uintptr_t)(out->base + symbols[i].offset);
			symbols[i].offset = (uint64_t)(uintptr_t)slower - out->base;
		}
	return 0;
}
