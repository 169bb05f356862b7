#include "../vdsotop.h"
#include "selftest.h"

#include <errno.h>
#include <string.h>

void test_cpu(void)
{
	struct vt_cpu cpu;
	int32_t result = vt_cpu_identify(&cpu);

#if defined(__x86_64__)
	check(result == 0, "CPUID answers");
	check(memchr(cpu.hypervisor, '\0', sizeof(cpu.hypervisor)) != NULL, "the hypervisor's signature is a string: '%s'",
	      cpu.hypervisor);
	check(cpu.hypervisor_present || cpu.hypervisor[0] == '\0', "no hypervisor, no signature");
	check(cpu.invariant_tsc == 0 || cpu.invariant_tsc == 1, "invariant TSC: %d", cpu.invariant_tsc);
#else
	check(result == -ENOTSUP, "not an x86 CPU: ENOTSUP");
#endif
}
