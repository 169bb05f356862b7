#include "../vdsotop.h"
#include "selftest.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

static void test_keeping(void)
{
	cpu_set_t allowed, now;
	uint8_t first[sizeof(allowed)] = { 0 };
	int cpu = 0;

	if (!check(sched_getaffinity(0, sizeof(allowed), &allowed) == 0, "this thread's CPUs are known"))
		return;
	while (!CPU_ISSET(cpu, &allowed))
		cpu++;
	check(vt_keep_to_cpus(0, first, sizeof(first)) == -EINVAL, "no CPU at all is none to be kept to");
	first[cpu / 8] = (uint8_t)(1 << cpu % 8);
	check(vt_keep_to_cpus(0, first, sizeof(first)) == 0, "a thread is kept to one CPU");
	check(sched_getaffinity(0, sizeof(now), &now) == 0 && CPU_COUNT(&now) == 1 && CPU_ISSET(cpu, &now), "it is that one");
	check(vt_keep_to_cpus(0, (const uint8_t *)&allowed, sizeof(allowed)) == 0, "and to all that it had");
	check(vt_keep_to_cpus(0x7fffffff, first, sizeof(first)) == -ESRCH, "no such thread");
}

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
	test_keeping();
}
