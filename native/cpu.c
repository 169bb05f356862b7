/* What the CPU says of itself; leaves as in Intel SDM vol. 2A "CPUID" and Documentation/virt/kvm/x86/cpuid.rst. */
#include "vdsotop.h"

#include <errno.h>
#include <string.h>

int32_t vt_abi_version(void)
{
	return VT_ABI_VERSION;
}

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

#define HYPERVISOR_LEAF 0x40000000u
#define HYPERVISOR_PRESENT (1u << 31)
#define POWER_LEAF 0x80000007u
#define INVARIANT_TSC (1u << 8)

/* Twelve bytes that any hypervisor chose ("KVMKVMKVM\0\0\0"): only printable ones go on. */
static void copy_signature(char *to, const uint32_t words[3])
{
	char raw[12];

	memcpy(raw, words, sizeof(raw));
	for (size_t i = 0; i < sizeof(raw) && raw[i] >= ' ' && raw[i] <= '~'; i++)
		to[i] = raw[i];
}

int32_t vt_cpu_identify(struct vt_cpu *out)
{
	uint32_t a, b, c, d;

	memset(out, 0, sizeof(*out));
	if (!__get_cpuid(1, &a, &b, &c, &d))
		return -ENOTSUP;
	out->hypervisor_present = (c & HYPERVISOR_PRESENT) != 0;
	if (out->hypervisor_present) {
		__cpuid(HYPERVISOR_LEAF, a, b, c, d);
		copy_signature(out->hypervisor, (const uint32_t[]){ b, c, d });
	}
	if (__get_cpuid(POWER_LEAF, &a, &b, &c, &d))
		out->invariant_tsc = (d & INVARIANT_TSC) != 0;
	return 0;
}
#else
int32_t vt_cpu_identify(struct vt_cpu *out)
{
	memset(out, 0, sizeof(*out));
	return -ENOTSUP;
}
#endif
