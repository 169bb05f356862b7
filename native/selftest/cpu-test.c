#include "../cpu-hypervisor.h"
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

static uint32_t leaf_of_other;
static const char *first, *other;

static void ask(uint32_t leaf, uint32_t words[3])
{
	memset(words, 0, 3 * sizeof(*words));
	if (leaf == HYPERVISOR_LEAF)
		memcpy(words, first, strlen(first));
	if (leaf == leaf_of_other)
		memcpy(words, other, strlen(other));
}

static void expect_found(const char *at_first, uint32_t leaf, const char *behind, const char *expected)
{
	char found[16] = { 0 };
	uint32_t words[3];

	first = at_first;
	leaf_of_other = leaf;
	other = behind;
	find_hypervisor(ask, words);
	memcpy(found, words, sizeof(words));
	check(strcmp(found, expected) == 0, "'%s' with '%s' at %#x is '%s'", at_first, behind, leaf, found);
}

static void test_hypervisors(void)
{
	expect_found("Microsoft Hv", 0x40000100, "KVMKVMKVM", "KVMKVMKVM");
	expect_found("Microsoft Hv", 0x40000200, "XenVMMXenVMM", "XenVMMXenVMM");
	expect_found("Microsoft Hv", 0x4000ff00, "KVMKVMKVM", "KVMKVMKVM");
	expect_found("Microsoft Hv", 0x40000100, "VBoxVBoxVBox", "Microsoft Hv");
	expect_found("KVMKVMKVM", 0x40000100, "XenVMMXenVMM", "KVMKVMKVM");
	expect_found("VMwareVMware", 0x40000100, "", "VMwareVMware");
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
	test_hypervisors();
	test_keeping();
}
